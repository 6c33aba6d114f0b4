// SPDX-License-Identifier: Apache-2.0
#include "calls.hpp"

#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

// The system calls that look and read: they change nothing, but whoever takes a failure for "not
// there" loses mail.

namespace {

using faults::Call;

template <class Function> Function next(const char* name)
{
    return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}
#define REAL(name) (next<decltype(&::name)>(#name))

/// The error that a call on this descriptor fails with; 0 = none.
int failure_of(const char* name, int descriptor)
{
    const int before = errno;
    const auto at = faults::target(descriptor);
    errno = before;
    return at.ours ? Call(name).failure(at.path) : 0;
}

int failure_of(const char* name, int directory, const char* path)
{
    const int before = errno;
    const auto at = faults::place(directory, path);
    errno = before;
    return at.ours ? Call(name).failure(at.path) : 0;
}

/// `code` of the call, or -1 for the failure.
template <class Act> auto unless(int error, Act act) -> decltype(act())
{
    if (error == 0) return act();
    errno = error;
    return -1;
}

}  // namespace

extern "C" {

ssize_t read(int file, void* data, size_t size)
{
    return unless(failure_of("read", file), [&] { return REAL(read)(file, data, size); });
}
ssize_t pread(int file, void* data, size_t size, off_t at)
{
    return unless(failure_of("read", file), [&] { return REAL(pread)(file, data, size, at); });
}
ssize_t pread64(int file, void* data, size_t size, off64_t at)
{
    return unless(failure_of("read", file), [&] { return REAL(pread64)(file, data, size, at); });
}

/// A file that could not be closed is closed.
int close(int file)
{
    const int error = failure_of("close", file);
    const int code = REAL(close)(file);
    if (error == 0) return code;
    errno = error;
    return -1;
}

int fstat(int file, struct stat* facts) noexcept
{
    return unless(failure_of("stat", file), [&] { return REAL(fstat)(file, facts); });
}
int fstat64(int file, struct stat64* facts) noexcept
{
    return unless(failure_of("stat", file), [&] { return REAL(fstat64)(file, facts); });
}
int stat(const char* path, struct stat* facts) noexcept
{
    return unless(failure_of("stat", AT_FDCWD, path), [&] { return REAL(stat)(path, facts); });
}
int stat64(const char* path, struct stat64* facts) noexcept
{
    return unless(failure_of("stat", AT_FDCWD, path), [&] { return REAL(stat64)(path, facts); });
}
int lstat(const char* path, struct stat* facts) noexcept
{
    return unless(failure_of("stat", AT_FDCWD, path), [&] { return REAL(lstat)(path, facts); });
}
int lstat64(const char* path, struct stat64* facts) noexcept
{
    return unless(failure_of("stat", AT_FDCWD, path), [&] { return REAL(lstat64)(path, facts); });
}
int fstatat(int directory, const char* path, struct stat* facts, int flags) noexcept
{
    return unless(failure_of("stat", directory, path), [&] {
        return REAL(fstatat)(directory, path, facts, flags);
    });
}
int fstatat64(int directory, const char* path, struct stat64* facts, int flags) noexcept
{
    return unless(failure_of("stat", directory, path), [&] {
        return REAL(fstatat64)(directory, path, facts, flags);
    });
}
int access(const char* path, int mode) noexcept
{
    return unless(failure_of("access", AT_FDCWD, path), [&] { return REAL(access)(path, mode); });
}
int faccessat(int directory, const char* path, int mode, int flags) noexcept
{
    return unless(failure_of("access", directory, path), [&] {
        return REAL(faccessat)(directory, path, mode, flags);
    });
}

ssize_t getdents64(int directory, void* data, size_t size) noexcept
{
    return unless(
        failure_of("list", directory), [&] { return REAL(getdents64)(directory, data, size); });
}
struct dirent* readdir(DIR* directory)
{
    const int error = failure_of("list", ::dirfd(directory));
    if (error == 0) return REAL(readdir)(directory);
    errno = error;
    return nullptr;
}
struct dirent64* readdir64(DIR* directory)
{
    const int error = failure_of("list", ::dirfd(directory));
    if (error == 0) return REAL(readdir64)(directory);
    errno = error;
    return nullptr;
}

}  // extern "C"
