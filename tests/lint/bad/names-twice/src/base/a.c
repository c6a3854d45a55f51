int a_in_base(void);
