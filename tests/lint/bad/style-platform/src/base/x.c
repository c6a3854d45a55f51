#ifdef _WIN32
int x;
#endif
