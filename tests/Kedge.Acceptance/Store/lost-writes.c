/*
 * Records what a process does to the files below $KEDGE_RECORD_FOLDER, in the order in which it was done, so that a test
 * can tell what a power failure might have left of it. Preloaded (LD_PRELOAD); writes to $KEDGE_RECORD_LOG:
 *
 *   kind (1 byte), inode (8), number (8), length (8), then as many bytes
 *
 *   C created, bytes: name     W written at offset number, bytes: data     T truncated to number
 *   S synced                   D folder synced                             R renamed, bytes: old name, NUL, new name
 *   U removed, bytes: name
 *
 * One lock is held around each call and its record, so that the order in the log is the order of the calls.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;
static const char *folder;
static int log_file = -1;
static char watched[65536]; /* descriptors of files below the folder: 1; of the folder: 2 */

#define REAL(result, name, ...) static result (*real_##name)(__VA_ARGS__); \
    if (!real_##name) real_##name = dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void start(void)
{
    const char *path = getenv("KEDGE_RECORD_LOG");
    folder = getenv("KEDGE_RECORD_FOLDER");
    if (path && folder)
        log_file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static int is_watched(int fd, int as) { return fd >= 0 && fd < (int)sizeof watched && watched[fd] == as; }

static uint64_t inode(int fd)
{
    struct stat found;
    return fstat(fd, &found) == 0 ? found.st_ino : 0;
}

static void record(char kind, uint64_t node, uint64_t number, const void *bytes, uint64_t length)
{
    REAL(ssize_t, writev, int, const struct iovec *, int);
    char head[25];
    struct iovec parts[2] = {{head, sizeof head}, {(void *)bytes, length}};
    head[0] = kind;
    memcpy(head + 1, &node, 8);
    memcpy(head + 9, &number, 8);
    memcpy(head + 17, &length, 8);
    if (real_writev(log_file, parts, 2) != (ssize_t)(sizeof head + length))
        abort();
}

/* The name below the folder; empty for the folder itself, null for what is elsewhere. */
static const char *below(const char *path)
{
    size_t length = folder ? strlen(folder) : 0;
    if (log_file < 0 || !path || strncmp(path, folder, length) != 0)
        return NULL;
    return path[length] == '/' ? path + length + 1 : path[length] == 0 ? "" : NULL;
}

static int opened(int fd, const char *name, int existed, int flags)
{
    if (fd < 0 || fd >= (int)sizeof watched)
        return fd;
    watched[fd] = *name ? 1 : 2;
    if (*name && !existed)
        record('C', inode(fd), 0, name, strlen(name));
    else if (*name && (flags & O_TRUNC))
        record('T', inode(fd), 0, "", 0);
    return fd;
}

static int open_path(int (*real)(const char *, int, ...), const char *path, int flags, mode_t mode)
{
    const char *name = below(path);
    int fd;
    if (!name)
        return real(path, flags, mode);
    pthread_mutex_lock(&order);
    int existed = access(path, F_OK) == 0;
    fd = opened(real(path, flags, mode), name, existed, flags);
    pthread_mutex_unlock(&order);
    return fd;
}

#define OPEN(name) \
    int name(const char *path, int flags, ...) \
    { \
        static int (*real)(const char *, int, ...); \
        mode_t mode = 0; \
        if (!real) real = dlsym(RTLD_NEXT, #name); \
        if (flags & (O_CREAT | __O_TMPFILE)) { va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); } \
        return open_path(real, path, flags, mode); \
    }

OPEN(open)
OPEN(open64)

int close(int fd)
{
    REAL(int, close, int);
    if (fd >= 0 && fd < (int)sizeof watched)
        watched[fd] = 0;
    return real_close(fd);
}

#define WRITE_AT(name, type) \
    ssize_t name(int fd, const void *bytes, size_t length, type offset) \
    { \
        REAL(ssize_t, name, int, const void *, size_t, type); \
        if (!is_watched(fd, 1)) return real_##name(fd, bytes, length, offset); \
        pthread_mutex_lock(&order); \
        ssize_t done = real_##name(fd, bytes, length, offset); \
        if (done > 0) record('W', inode(fd), offset, bytes, done); \
        pthread_mutex_unlock(&order); \
        return done; \
    }

WRITE_AT(pwrite, off_t)
WRITE_AT(pwrite64, off64_t)

ssize_t write(int fd, const void *bytes, size_t length)
{
    REAL(ssize_t, write, int, const void *, size_t);
    if (!is_watched(fd, 1))
        return real_write(fd, bytes, length);
    pthread_mutex_lock(&order);
    ssize_t done = real_write(fd, bytes, length);
    if (done > 0)
        record('W', inode(fd), lseek(fd, 0, SEEK_CUR) - done, bytes, done);
    pthread_mutex_unlock(&order);
    return done;
}

/* Nothing that is recorded writes in these ways; should that change, the recording must learn of it. */
#define NEVER_WRITTEN(name, params, args) \
    ssize_t name params \
    { \
        static ssize_t (*real) params; \
        if (!real) real = dlsym(RTLD_NEXT, #name); \
        if (is_watched(fd, 1)) abort(); \
        return real args; \
    }

NEVER_WRITTEN(writev, (int fd, const struct iovec *parts, int count), (fd, parts, count))
NEVER_WRITTEN(pwritev, (int fd, const struct iovec *parts, int count, off_t at), (fd, parts, count, at))
NEVER_WRITTEN(pwritev64, (int fd, const struct iovec *parts, int count, off64_t at), (fd, parts, count, at))

#define TRUNCATE(name, type) \
    int name(int fd, type size) \
    { \
        REAL(int, name, int, type); \
        if (!is_watched(fd, 1)) return real_##name(fd, size); \
        pthread_mutex_lock(&order); \
        int failed = real_##name(fd, size); \
        if (!failed) record('T', inode(fd), size, "", 0); \
        pthread_mutex_unlock(&order); \
        return failed; \
    }

TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

#define SYNC(name) \
    int name(int fd) \
    { \
        REAL(int, name, int); \
        if (!is_watched(fd, 1) && !is_watched(fd, 2)) return real_##name(fd); \
        pthread_mutex_lock(&order); \
        int failed = real_##name(fd); \
        if (!failed) record(is_watched(fd, 2) ? 'D' : 'S', inode(fd), 0, "", 0); \
        pthread_mutex_unlock(&order); \
        return failed; \
    }

SYNC(fsync)
SYNC(fdatasync)

int rename(const char *from, const char *to)
{
    REAL(int, rename, const char *, const char *);
    const char *old_name = below(from), *new_name = below(to);
    char names[2 * PATH_MAX];
    if (!old_name || !new_name)
        return real_rename(from, to);
    pthread_mutex_lock(&order);
    int failed = real_rename(from, to);
    if (!failed)
        record('R', 0, 0, names, sprintf(names, "%s%c%s", old_name, 0, new_name));
    pthread_mutex_unlock(&order);
    return failed;
}

int unlink(const char *path)
{
    REAL(int, unlink, const char *);
    const char *name = below(path);
    if (!name)
        return real_unlink(path);
    pthread_mutex_lock(&order);
    int failed = real_unlink(path);
    if (!failed)
        record('U', 0, 0, name, strlen(name));
    pthread_mutex_unlock(&order);
    return failed;
}
