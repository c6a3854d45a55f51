void f(char *to, const char *from)
{
    strcpy (to, from);
}
