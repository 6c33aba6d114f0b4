// SPDX-License-Identifier: Apache-2.0
#include "calls.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <vector>

// The system calls that make something durable, as the C library exports them. Each is counted,
// written down and done, or fails, or is where the process ends.

namespace {

using faults::Call;
using faults::place;
using faults::target;

template <class Function> Function next(const char* name)
{
    return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}
#define REAL(name) (next<decltype(&::name)>(#name))

std::string number(auto value)
{
    return std::to_string(value);
}

int refuse(int error)
{
    errno = error;
    return -1;
}

// ------------------------------------------------------------------ opening

template <class Open> int open_file(int directory, const char* path, int flags, Open open)
{
    Call call("create");
    const auto at = place(directory, path);
    if (!at.ours) return open();
    if (const int error = call.failure(at.path)) return refuse(error);
    const bool truncates = (flags & O_TRUNC) != 0;
    const ino_t before = faults::inode(AT_FDCWD, at.path.c_str());
    const bool makes = (flags & O_CREAT) != 0 && before == 0;
    if (!makes && !(truncates && before != 0)) return open();
    if (call.durable()) call.kill();
    const int file = open();
    if (file >= 0 && makes)
        call.note(
            number(at.directory) + "\t" + at.name + "\t"
            + number(faults::inode(AT_FDCWD, at.path.c_str())));
    else if (file >= 0)
        Call("truncate").note(number(before) + "\t0");
    return file;
}

mode_t mode_of(int flags, va_list arguments)
{
    return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(arguments, mode_t) : 0;
}

// ------------------------------------------------------------------ writing

constexpr std::size_t shown_of_a_send = 200;

/// `write` does the call for the first so many bytes.
template <class Write>
ssize_t write_bytes(int file, std::string_view data, off_t offset, Write write)
{
    const auto to = target(file);
    if (!to.ours && !to.socket) return write(data.size());
    Call call(to.socket ? "send" : "write");
    // A full disk takes what fits before it refuses.
    if (!to.socket)
        if (const int error = call.failure(to.path)) {
            static int short_file = -1;
            if (error != ENOSPC || data.size() < 2 || short_file == file) return refuse(error);
            short_file = file;
            data = data.substr(0, data.size() / 2);
        }
    const bool torn = call.durable();
    if (offset < 0 && !to.socket) {
        offset = ::lseek(file, 0, SEEK_CUR);
        if ((::fcntl(file, F_GETFL) & O_APPEND) != 0) offset = ::lseek(file, 0, SEEK_END);
    }
    const bool flushes = !to.socket && (::fcntl(file, F_GETFL) & O_DSYNC) != 0;
    const auto note = [&](ssize_t done) {
        if (done <= 0) return;
        const auto part = data.substr(0, static_cast<std::size_t>(done));
        if (to.socket)
            call.note(number(file), part.substr(0, shown_of_a_send));
        else
            call.note(
                number(to.inode) + "\t" + number(offset) + (flushes ? "\tdurable" : "\tcached"),
                part);
    };
    if (torn) {
        if (data.size() > 1) note(write(data.size() / 2));
        call.kill();
    }
    const ssize_t done = write(data.size());
    note(done);
    return done;
}

std::string joined(const iovec* parts, std::size_t count)
{
    std::string all;
    for (std::size_t i = 0; i < count; ++i)
        all.append(static_cast<const char*>(parts[i].iov_base), parts[i].iov_len);
    return all;
}

std::string_view bytes(const void* data, std::size_t size)
{
    return {static_cast<const char*>(data), size};
}

template <class Truncate> int truncate_file(int file, off_t size, Truncate truncate)
{
    const auto to = target(file);
    if (!to.ours) return truncate();
    Call call("truncate");
    if (const int error = call.failure(to.path)) return refuse(error);
    if (call.durable()) call.kill();
    const int code = truncate();
    if (code == 0) call.note(number(to.inode) + "\t" + number(size));
    return code;
}

template <class Sync> int sync_file(int file, Sync sync)
{
    const auto to = target(file);
    if (!to.ours) return sync();
    Call call("sync");
    if (const int error = call.failure(to.path)) return refuse(error);
    if (call.durable()) call.kill();
    const int code = sync();
    if (code == 0) call.note(number(to.inode));
    return code;
}

// ------------------------------------------------------------------ names

template <class Rename>
int rename_file(int from, const char* old_path, int to, const char* new_path, Rename rename)
{
    Call call("rename");
    const auto old_place = place(from, old_path), new_place = place(to, new_path);
    if (!old_place.ours && !new_place.ours) return rename();
    if (const int error = call.failure(new_place.path)) return refuse(error);
    if (call.durable()) call.kill();
    const int code = rename();
    if (code == 0)
        call.note(
            number(old_place.directory) + "\t" + old_place.name + "\t" + number(new_place.directory)
            + "\t" + new_place.name);
    return code;
}

template <class Act> int change_name(const char* name, int directory, const char* path, Act act)
{
    Call call(name);
    const auto at = place(directory, path);
    if (!at.ours) return act();
    if (const int error = call.failure(at.path)) return refuse(error);
    if (call.durable()) call.kill();
    const int code = act();
    if (code == 0)
        call.note(
            number(at.directory) + "\t" + at.name + "\t"
            + number(faults::inode(AT_FDCWD, at.path.c_str())));
    return code;
}

}  // namespace

extern "C" {

#define WRAP_OPEN(name)                                                                            \
    int name(const char* path, int flags, ...)                                                     \
    {                                                                                              \
        va_list arguments;                                                                         \
        va_start(arguments, flags);                                                                \
        const mode_t mode = mode_of(flags, arguments);                                             \
        va_end(arguments);                                                                         \
        return open_file(AT_FDCWD, path, flags, [&] { return REAL(name)(path, flags, mode); });    \
    }
#define WRAP_OPENAT(name)                                                                          \
    int name(int directory, const char* path, int flags, ...)                                      \
    {                                                                                              \
        va_list arguments;                                                                         \
        va_start(arguments, flags);                                                                \
        const mode_t mode = mode_of(flags, arguments);                                             \
        va_end(arguments);                                                                         \
        return open_file(                                                                          \
            directory, path, flags, [&] { return REAL(name)(directory, path, flags, mode); });     \
    }
WRAP_OPEN(open)
WRAP_OPEN(open64)
WRAP_OPENAT(openat)
WRAP_OPENAT(openat64)

#define WRAP_FOPEN(name)                                                                           \
    FILE* name(const char* path, const char* mode)                                                 \
    {                                                                                              \
        FILE* file = nullptr;                                                                      \
        const int flags = *mode == 'w' ? O_CREAT | O_TRUNC : *mode == 'a' ? O_CREAT : 0;           \
        open_file(AT_FDCWD, path, flags, [&] {                                                     \
            file = REAL(name)(path, mode);                                                         \
            return file == nullptr ? -1 : ::fileno(file);                                          \
        });                                                                                        \
        return file;                                                                               \
    }
WRAP_FOPEN(fopen)
WRAP_FOPEN(fopen64)

ssize_t write(int file, const void* data, size_t size)
{
    return write_bytes(
        file, bytes(data, size), -1, [&](size_t n) { return REAL(write)(file, data, n); });
}

ssize_t writev(int file, const iovec* parts, int count)
{
    const auto all = joined(parts, static_cast<std::size_t>(count));
    return write_bytes(file, all, -1, [&](size_t n) { return REAL(write)(file, all.data(), n); });
}

ssize_t pwrite(int file, const void* data, size_t size, off_t offset)
{
    return write_bytes(file, bytes(data, size), offset, [&](size_t n) {
        return REAL(pwrite)(file, data, n, offset);
    });
}

ssize_t pwrite64(int file, const void* data, size_t size, off64_t offset)
{
    return write_bytes(file, bytes(data, size), offset, [&](size_t n) {
        return REAL(pwrite64)(file, data, n, offset);
    });
}

ssize_t pwritev(int file, const iovec* parts, int count, off_t offset)
{
    const auto all = joined(parts, static_cast<std::size_t>(count));
    return write_bytes(
        file, all, offset, [&](size_t n) { return REAL(pwrite)(file, all.data(), n, offset); });
}

ssize_t send(int socket, const void* data, size_t size, int flags)
{
    return write_bytes(socket, bytes(data, size), -1, [&](size_t n) {
        return REAL(send)(socket, data, n, flags);
    });
}

ssize_t sendto(
    int socket, const void* data, size_t size, int flags, const sockaddr* address,
    socklen_t address_size)
{
    return write_bytes(socket, bytes(data, size), -1, [&](size_t n) {
        return REAL(sendto)(socket, data, n, flags, address, address_size);
    });
}

ssize_t sendmsg(int socket, const msghdr* message, int flags)
{
    const auto all = joined(message->msg_iov, message->msg_iovlen);
    return write_bytes(socket, all, -1, [&](size_t n) {
        iovec part {const_cast<char*>(all.data()), n};
        msghdr whole = *message;
        whole.msg_iov = &part;
        whole.msg_iovlen = 1;
        return REAL(sendmsg)(socket, &whole, flags);
    });
}

int ftruncate(int file, off_t size) noexcept
{
    return truncate_file(file, size, [&] { return REAL(ftruncate)(file, size); });
}
int ftruncate64(int file, off64_t size) noexcept
{
    return truncate_file(file, size, [&] { return REAL(ftruncate64)(file, size); });
}
int fsync(int file)
{
    return sync_file(file, [&] { return REAL(fsync)(file); });
}
int fdatasync(int file)
{
    return sync_file(file, [&] { return REAL(fdatasync)(file); });
}

int rename(const char* from, const char* to) noexcept
{
    return rename_file(AT_FDCWD, from, AT_FDCWD, to, [&] { return REAL(rename)(from, to); });
}
int renameat(int from, const char* old_path, int to, const char* new_path) noexcept
{
    return rename_file(
        from, old_path, to, new_path, [&] { return REAL(renameat)(from, old_path, to, new_path); });
}
int renameat2(int from, const char* old_path, int to, const char* new_path, unsigned flags) noexcept
{
    return rename_file(from, old_path, to, new_path, [&] {
        return REAL(renameat2)(from, old_path, to, new_path, flags);
    });
}

int link(const char* from, const char* to) noexcept
{
    return change_name("link", AT_FDCWD, to, [&] { return REAL(link)(from, to); });
}
int linkat(int from, const char* old_path, int to, const char* new_path, int flags) noexcept
{
    return change_name(
        "link", to, new_path, [&] { return REAL(linkat)(from, old_path, to, new_path, flags); });
}

int unlink(const char* path) noexcept
{
    return change_name("unlink", AT_FDCWD, path, [&] { return REAL(unlink)(path); });
}
int unlinkat(int directory, const char* path, int flags) noexcept
{
    return change_name(
        "unlink", directory, path, [&] { return REAL(unlinkat)(directory, path, flags); });
}
int remove(const char* path) noexcept
{
    return change_name("unlink", AT_FDCWD, path, [&] { return REAL(remove)(path); });
}
int rmdir(const char* path) noexcept
{
    return change_name("unlink", AT_FDCWD, path, [&] { return REAL(rmdir)(path); });
}
int mkdir(const char* path, mode_t mode) noexcept
{
    return change_name("mkdir", AT_FDCWD, path, [&] { return REAL(mkdir)(path, mode); });
}
int mkdirat(int directory, const char* path, mode_t mode) noexcept
{
    return change_name(
        "mkdir", directory, path, [&] { return REAL(mkdirat)(directory, path, mode); });
}

}  // extern "C"
