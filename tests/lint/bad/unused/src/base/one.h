#ifndef AZDAL_BASE_ONE_H
#define AZDAL_BASE_ONE_H

/* One more than n. */
int one_more(int n);
/* One less. */
int one_less(int n);

#endif
