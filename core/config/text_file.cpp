// SPDX-License-Identifier: Apache-2.0
#include "text_file.hpp"

#include "core/text/strings.hpp"

#include <offlineimap/error.hpp>

#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace offlineimap::core {

namespace {

class File {
public:
    explicit File(const std::filesystem::path& path)
        : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC))
    {
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File()
    {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    int descriptor() const noexcept { return descriptor_; }

private:
    int descriptor_;
};

[[noreturn]] void fail(const std::filesystem::path& path)
{
    const auto reason = std::generic_category().message(errno);
    throw Error(Errc::config, concat("read ", path.string(), ": ", lower(reason)));
}

}  // namespace

std::string read_text_file(const std::filesystem::path& path)
{
    const File file(path);
    if (file.descriptor() < 0) fail(path);
    std::string text;
    char buffer[8192];
    for (;;) {
        const auto count = ::read(file.descriptor(), buffer, sizeof buffer);
        if (count == 0) return text;
        if (count > 0)
            text.append(buffer, static_cast<std::size_t>(count));
        else if (errno != EINTR)
            fail(path);
    }
}

}  // namespace offlineimap::core
