int f(void)
{
    int a[2] = {0, 0};

    return a[2];
}
