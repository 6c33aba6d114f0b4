// SPDX-License-Identifier: Apache-2.0
#include "private_file.hpp"

#include "socket.hpp"
#include "text.hpp"

#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <unistd.h>

namespace offlineimap::imap {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(std::string_view doing, const fs::path& file)
{
    const int error = errno;
    throw Error(Errc::io, joined(doing, " ", file.string(), ": ", errno_text(error)));
}

void flush_folder_of(const fs::path& file)
{
    const Descriptor folder(open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.number() < 0 || fsync(folder.number()) != 0) fail("flush the folder of", file);
}

}  // namespace

std::vector<std::string> read_private_file(const fs::path& file)
{
    std::vector<std::string> lines;
    std::ifstream in(file);
    if (!in && errno == ENOENT) return lines;
    if (!in) fail("read", file);
    for (std::string line; std::getline(in, line);)
        lines.push_back(line);
    return lines;
}

void write_private_file(const fs::path& file, const std::vector<std::string>& lines)
{
    auto fresh = file;
    fresh += ".new";
    std::string text;
    for (const auto& line : lines)
        text += line + '\n';
    unlink(fresh.c_str());  // of a run that was killed
    {
        const Descriptor out(
            open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
        if (out.number() < 0) fail("create", fresh);
        const auto written = write(out.number(), text.data(), text.size());
        if (written != static_cast<ssize_t>(text.size())) fail("write", fresh);
        if (fsync(out.number()) != 0) fail("flush", fresh);
    }
    if (rename(fresh.c_str(), file.c_str()) != 0) fail("replace", file);
    flush_folder_of(file);
}

}  // namespace offlineimap::imap
