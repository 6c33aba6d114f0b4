// SPDX-License-Identifier: Apache-2.0
#include "account_lock.hpp"

#include <offlineimap/error.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace offlineimap::core {
namespace {

/// True when `fd` is still what lies under the name: the holder before us may have removed it.
bool is_current(int fd, const std::filesystem::path& file)
{
    struct stat opened {
    }, named {};
    return ::fstat(fd, &opened) == 0 && ::stat(file.c_str(), &named) == 0
        && opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
}

/// The process that holds the lock, for the message; 0 = gone by now.
pid_t holder(int fd)
{
    struct flock lock { };
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    return ::fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK ? lock.l_pid : 0;
}

}  // namespace

AccountLock::AccountLock(const std::filesystem::path& metadata, const std::string& account)
    : file_(metadata / (account + ".lock"))
{
    for (;;) {
        fd_ = ::open(file_.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        if (fd_ < 0)
            throw Error(
                Errc::io, Scope::repository, Retry::later,
                "lock account " + account + ": open " + file_.string() + ": "
                    + std::strerror(errno));
        struct flock lock { };
        lock.l_type = F_WRLCK;
        lock.l_whence = SEEK_SET;
        if (::fcntl(fd_, F_SETLK, &lock) != 0) {
            const auto pid = holder(fd_);
            ::close(fd_);
            throw Error(
                Errc::busy, Scope::repository, Retry::later,
                "account " + account + " is being synchronised by another process"
                    + (pid > 0 ? " (" + std::to_string(pid) + ")" : std::string())
                    + ", which holds " + file_.string());
        }
        if (is_current(fd_, file_)) return;
        ::close(fd_);
    }
}

AccountLock::~AccountLock()
{
    ::unlink(file_.c_str());
    ::close(fd_);
}

}  // namespace offlineimap::core
