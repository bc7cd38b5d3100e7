/* The machine's limits beside which bench/vault sets the tools: the same files only read, or only written, by several threads.
 *   limits read THREADS FOLDER            finds every file below FOLDER and reads it
 *   limits write THREADS FOLDER TARGET    reads FOLDER into memory (not measured); then writes its folders, files and links
 *                                         into TARGET with owner, mode and times, and syncs that file system
 * Prints seconds on the wall and processor seconds. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct entry {
    char *path;
    char *bytes;
    struct stat is;
};

enum { CHUNK = 1 << 20, BATCH = 16 };

static struct entry *entries;
static size_t count, room, skip;
static const char *target;
static atomic_size_t next;

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static int note(const char *path, const struct stat *is, int kind, struct FTW *walk) {
    (void)kind;
    (void)walk;
    if (count == room) {
        room = room ? room * 2 : 1024;
        entries = realloc(entries, room * sizeof *entries);
        if (!entries) fail("memory");
    }
    entries[count].path = strdup(path);
    entries[count].bytes = NULL;
    entries[count].is = *is;
    if (!entries[count++].path) fail("memory");
    return 0;
}

static void find(const char *folder) {
    if (nftw(folder, note, 64, FTW_PHYS)) fail(folder);
}

static void in_target(const struct entry *one, char *path) {
    snprintf(path, PATH_MAX, "%s%s", target, one->path + skip);
}

static void load(struct entry *one) {
    if (S_ISLNK(one->is.st_mode)) {
        one->bytes = calloc(1, PATH_MAX);
        if (!one->bytes || readlink(one->path, one->bytes, PATH_MAX - 1) < 0) fail(one->path);
    }
    if (!S_ISREG(one->is.st_mode)) return;
    int file = open(one->path, O_RDONLY);
    one->bytes = malloc(one->is.st_size ? one->is.st_size : 1);
    if (file < 0 || !one->bytes) fail(one->path);
    for (off_t done = 0; done < one->is.st_size;) {
        ssize_t got = read(file, one->bytes + done, one->is.st_size - done);
        if (got <= 0) fail(one->path);
        done += got;
    }
    close(file);
}

static void read_one(struct entry *one, char *buffer) {
    if (!S_ISREG(one->is.st_mode)) return;
    int file = open(one->path, O_RDONLY);
    if (file < 0) fail(one->path);
    ssize_t got;
    while ((got = read(file, buffer, CHUNK)) > 0) {}
    if (got < 0) fail(one->path);
    close(file);
}

static void write_one(struct entry *one, char *buffer) {
    (void)buffer;
    char path[PATH_MAX];
    struct timespec times[] = {one->is.st_atim, one->is.st_mtim};
    in_target(one, path);
    if (S_ISLNK(one->is.st_mode)) {
        if (symlink(one->bytes, path)) fail(path);
        return;
    }
    if (!S_ISREG(one->is.st_mode)) return;
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (file < 0) fail(path);
    for (off_t done = 0; done < one->is.st_size;) {
        ssize_t put = write(file, one->bytes + done, one->is.st_size - done);
        if (put <= 0) fail(path);
        done += put;
    }
    if (fchown(file, one->is.st_uid, one->is.st_gid) || fchmod(file, one->is.st_mode & 07777) || futimens(file, times)) fail(path);
    close(file);
}

static void *work(void *act) {
    char *buffer = malloc(CHUNK);
    size_t from;
    if (!buffer) fail("memory");
    while ((from = atomic_fetch_add(&next, BATCH)) < count)
        for (size_t i = from; i < count && i < from + BATCH; i++) ((void (*)(struct entry *, char *))act)(&entries[i], buffer);
    free(buffer);
    return NULL;
}

static void by_threads(int threads, void (*act)(struct entry *, char *)) {
    pthread_t all[64];
    for (int i = 0; i < threads; i++)
        if (pthread_create(&all[i], NULL, work, (void *)act)) fail("thread");
    for (int i = 0; i < threads; i++) pthread_join(all[i], NULL);
}

static void write_all(int threads) {
    char path[PATH_MAX];
    for (size_t i = 0; i < count; i++) {
        if (!S_ISDIR(entries[i].is.st_mode)) continue;
        in_target(&entries[i], path);
        if (mkdir(path, 0700) && errno != EEXIST) fail(path);
    }
    by_threads(threads, write_one);
    /* From the innermost outwards, because what is made in a folder changes its time. */
    for (size_t i = count; i-- > 0;) {
        struct timespec times[] = {entries[i].is.st_atim, entries[i].is.st_mtim};
        if (!S_ISDIR(entries[i].is.st_mode)) continue;
        in_target(&entries[i], path);
        if (chown(path, entries[i].is.st_uid, entries[i].is.st_gid) || chmod(path, entries[i].is.st_mode & 07777) ||
            utimensat(AT_FDCWD, path, times, 0))
            fail(path);
    }
    int folder = open(target, O_RDONLY | O_DIRECTORY);
    if (folder < 0 || syncfs(folder)) fail(target);
    close(folder);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static double spent(void) {
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return used.ru_utime.tv_sec + used.ru_stime.tv_sec + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

int main(int argc, char **argv) {
    int writes = argc == 5 && !strcmp(argv[1], "write");
    int threads = argc > 2 ? atoi(argv[2]) : 0;
    if ((!writes && !(argc == 4 && !strcmp(argv[1], "read"))) || threads < 1 || threads > 64) {
        fputs("usage: limits read THREADS FOLDER | limits write THREADS FOLDER TARGET\n", stderr);
        return 2;
    }
    if (writes) {
        target = argv[4];
        skip = strlen(argv[3]);
        find(argv[3]);
        for (size_t i = 0; i < count; i++) load(&entries[i]);
        sync();
    }
    double begun = now(), before = spent();
    if (writes) {
        write_all(threads);
    } else {
        find(argv[3]);
        by_threads(threads, read_one);
    }
    printf("%.2f %.2f\n", now() - begun, spent() - before);
    return 0;
}
