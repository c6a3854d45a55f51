typedef struct x x_t;
