int main(void)
{
    long n = 5;
    int m = n;

    return m;
}
