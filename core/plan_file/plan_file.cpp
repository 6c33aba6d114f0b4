// SPDX-License-Identifier: Apache-2.0
#include "plan_file.hpp"

#include "core/text/strings.hpp"

#include <offlineimap/error.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace offlineimap::core {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(std::string_view action, const fs::path& file)
{
    throw Error(
        Errc::io, Scope::repository, Retry::never,
        concat(action, " plan ", file.string(), ": ", std::strerror(errno)));
}

/// An open descriptor.
class Descriptor {
public:
    explicit Descriptor(int fd) : fd_(fd) { }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor()
    {
        if (fd_ > STDERR_FILENO) ::close(fd_);
    }
    int operator*() const { return fd_; }

private:
    int fd_;
};

void write_all(int fd, std::string_view text, const fs::path& file)
{
    while (!text.empty()) {
        const auto written = ::write(fd, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail("write", file);
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

std::string read_all(int fd, const fs::path& file)
{
    std::string text;
    std::array<char, 65536> piece {};
    for (;;) {
        const auto size = ::read(fd, piece.data(), piece.size());
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) fail("read", file);
        if (size == 0) return text;
        text.append(piece.data(), static_cast<std::size_t>(size));
    }
}

/// A file beside the one that it shall become; gone again unless it did.
class Draft {
public:
    explicit Draft(const fs::path& file) : file_(file), draft_(file.string() + ".XXXXXX")
    {
        fd_ = ::mkostemp(draft_.data(), O_CLOEXEC);  // 0600
        if (fd_ < 0) fail("write", file_);
    }
    Draft(const Draft&) = delete;
    Draft& operator=(const Draft&) = delete;
    ~Draft()
    {
        ::close(fd_);
        if (!draft_.empty()) ::unlink(draft_.c_str());
    }
    void commit(std::string_view text)
    {
        write_all(fd_, text, file_);
        if (::fsync(fd_) != 0 || ::rename(draft_.c_str(), file_.c_str()) != 0) fail("write", file_);
        draft_.clear();
    }

private:
    const fs::path file_;
    std::string draft_;
    int fd_ = -1;
};

}  // namespace

void write_plan(const fs::path& file, const PlanFile& plan)
{
    if (file == "-")
        write_all(STDOUT_FILENO, to_json(plan), "on the standard output");
    else
        Draft(file).commit(to_json(plan));
}

PlanFile read_plan(const fs::path& file)
{
    if (file == "-")
        return plan_from_json(
            read_all(STDIN_FILENO, "on the standard input"), "on the standard input");
    const Descriptor fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (*fd < 0) fail("open", file);
    return plan_from_json(read_all(*fd, file), file.string());
}

}  // namespace offlineimap::core
