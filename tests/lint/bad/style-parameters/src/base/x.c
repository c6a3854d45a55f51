void f(int a, int b, int c, int d, int e,
       int f, int *g)
{
    *g = a + b + c + d + e + f;
}
