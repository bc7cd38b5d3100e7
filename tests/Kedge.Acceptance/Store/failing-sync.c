/* While the file $KEDGE_FAIL_SYNC is there, nothing can be synced: EIO, as a disk says that is about to die. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define SYNC(name) \
    int name(int fd) \
    { \
        static int (*real)(int); \
        const char *failing = getenv("KEDGE_FAIL_SYNC"); \
        if (!real) real = dlsym(RTLD_NEXT, #name); \
        if (failing && access(failing, F_OK) == 0) { errno = EIO; return -1; } \
        return real(fd); \
    }

SYNC(fsync)
SYNC(fdatasync)
