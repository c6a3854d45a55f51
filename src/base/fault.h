/*
 * fault: places where a crash test can cut the program. In the build variant "fault" the program
 * dies there when the environment variable AZDAL_FAULT names the place ("segment-synced", or
 * "segment-synced:3" for the third time it passes); otherwise FAULT is nothing.
 */
#ifndef AZDAL_BASE_FAULT_H
#define AZDAL_BASE_FAULT_H

#ifdef AZDAL_FAULTS
void fault_point(const char *name);
#define FAULT(name) fault_point(name)
#else
#define FAULT(name) ((void)0)
#endif

#endif
