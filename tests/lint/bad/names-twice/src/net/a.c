int a_in_net(void);
