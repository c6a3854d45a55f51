/* The version that --version, the manifest, the User-Agent and the packages carry. */
#ifndef AZDAL_BASE_VERSION_H
#define AZDAL_BASE_VERSION_H

#define AZDAL_VERSION "0.1.0"

#endif
