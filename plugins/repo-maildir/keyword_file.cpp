// SPDX-License-Identifier: Apache-2.0
#include "keyword_file.hpp"

#include "flag_letters.hpp"
#include "options.hpp"
#include "text.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <ctime>
#include <fcntl.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace offlineimap::maildir {
namespace {

constexpr const char* file_name = "dovecot-keywords";
constexpr const char* lock_name = "dovecot-keywords.lock";
/// A dozen bytes a line are usual; a file that goes on for ever must end somewhere.
constexpr std::size_t most_bytes = 64 * 1024;

std::string read_file(const Descriptor& folder)
{
    const Descriptor file(::openat(folder.get(), file_name, O_RDONLY | O_CLOEXEC));
    std::string text(most_bytes, '\0');
    std::size_t size = 0;
    while (file && size < text.size()) {
        const auto more = ::read(file.get(), text.data() + size, text.size() - size);
        if (more <= 0) break;
        size += static_cast<std::size_t>(more);
    }
    text.resize(size);
    return text;
}

void read_line(std::string_view line, KeywordNames& names)
{
    std::size_t index = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), index);
    const auto digits = static_cast<std::size_t>(end - line.data());
    if (error != std::errc() || index >= names.size() || digits >= line.size()) return;
    if (line[digits] == ' ') names[index] = line.substr(digits + 1);
}

bool has(const KeywordNames& names, std::string_view keyword) noexcept
{
    return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
        return same_keyword(name, keyword);
    });
}

/// Dovecot's way to write the file: it is made beside, which keeps others away, and renamed.
class Lock {
public:
    Lock(const Descriptor& folder, std::string_view path) : folder_(folder), path_(path)
    {
        using namespace std::chrono_literals;
        for (int attempt = 0; attempt < 100; ++attempt) {
            constexpr int flags = O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC;
            file_ = Descriptor(::openat(folder.get(), lock_name, flags, 0600));
            if (file_) return;
            if (errno != EEXIST) fail("lock");
            remove_if_old();
            std::this_thread::sleep_for(20ms);
        }
        throw Error(
            Errc::busy, Scope::folder, Retry::later,
            concat("lock ", path, "/", file_name, ": another program holds ", lock_name));
    }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;
    ~Lock()
    {
        if (file_) ::unlinkat(folder_.get(), lock_name, 0);
    }

    void replace_with(std::string_view text)
    {
        if (const int error = write_all(file_.get(), text); error != 0)
            throw system_error(error, Scope::folder, concat("write ", path_, "/", file_name));
        if (::fsync(file_.get()) != 0) fail("flush");
        if (::renameat(folder_.get(), lock_name, folder_.get(), file_name) != 0) fail("rename");
        file_ = Descriptor();
    }

private:
    [[noreturn]] void fail(std::string_view verb) const
    {
        throw system_error(errno, Scope::folder, concat(verb, " ", path_, "/", file_name));
    }
    void remove_if_old() const
    {
        constexpr time_t old = 120;
        struct stat facts = {};
        if (::fstatat(folder_.get(), lock_name, &facts, 0) == 0
            && ::time(nullptr) - facts.st_mtim.tv_sec > old)
            ::unlinkat(folder_.get(), lock_name, 0);
    }

    const Descriptor& folder_;
    const std::string path_;
    Descriptor file_;
};

}  // namespace

KeywordNames read_keyword_names(const Descriptor& folder)
{
    const std::string text = read_file(folder);
    KeywordNames names;
    for (std::string_view rest = text; !rest.empty();) {
        const auto line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
        read_line(line, names);
    }
    return names;
}

KeywordNames add_keyword_names(
    const Descriptor& folder, std::string_view path, std::span<const std::string> keywords,
    const KeywordNames& reserved)
{
    Lock lock(folder, path);
    KeywordNames names = read_keyword_names(folder);
    bool changed = false;
    for (const std::string& keyword : keywords) {
        if (has(names, keyword) || has(reserved, keyword)) continue;
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (!names[i].empty() || !reserved[i].empty()) continue;
            names[i] = keyword;
            changed = true;
            break;
        }
    }
    if (!changed) return names;
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i)
        if (!names[i].empty()) text.append(concat(std::to_string(i), " ", names[i], "\n"));
    lock.replace_with(text);
    return names;
}

std::uint32_t salted_with_keyword_names(std::uint32_t salt, int folder) noexcept
{
    struct stat facts = {};
    if (::fstatat(folder, file_name, &facts, 0) != 0) return salt;
    for (const auto part :
         {static_cast<std::uint64_t>(facts.st_ino), static_cast<std::uint64_t>(facts.st_size),
          static_cast<std::uint64_t>(facts.st_mtim.tv_sec),
          static_cast<std::uint64_t>(facts.st_mtim.tv_nsec)})
        for (unsigned shift = 0; shift < 64; shift += 8)
            salt = (salt ^ static_cast<std::uint32_t>((part >> shift) & 0xFFU)) * 16777619U;
    return salt;
}

}  // namespace offlineimap::maildir
