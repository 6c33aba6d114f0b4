// SPDX-License-Identifier: Apache-2.0
#include "status_history.hpp"

#include "core/text/strings.hpp"

#include <offlineimap/error.hpp>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <memory>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

namespace offlineimap::core {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view head = "offlineimap status history 1";

[[noreturn]] void fail_system(std::string_view action, const fs::path& file)
{
    const int number = errno;
    const Errc code =
        number == EACCES || number == EPERM || number == EROFS ? Errc::permission : Errc::io;
    throw Error(
        code, Scope::repository, Retry::later,
        concat(action, " ", file.string(), ": ", std::strerror(number)));
}

bool is_plain(char c) noexcept
{
    return static_cast<unsigned char>(c) > ' ' && c != '%' && c != '\x7f';
}

/// Without blanks and line ends, so that a line can be split.
std::string escaped(std::string_view name)
{
    constexpr char digits[] = "0123456789abcdef";
    std::string text;
    for (const char c : name) {
        if (is_plain(c)) {
            text += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        text += {'%', digits[byte >> 4], digits[byte & 15]};
    }
    return text;
}

std::string unescaped(std::string_view text)
{
    std::string name;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned byte = 0;
        const char* const at = text.data() + i + 1;
        if (text[i] == '%' && i + 2 < text.size()
            && std::from_chars(at, at + 2, byte, 16).ptr == at + 2) {
            name += static_cast<char>(byte);
            i += 2;
        } else {
            name += text[i];
        }
    }
    return name;
}

template <class Number> bool read_number(std::string_view text, Number& number)
{
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    return error == std::errc() && stop == end;
}

bool read_line(const std::vector<std::string_view>& words, StatusHistory& history)
{
    if (words.size() == 2 && words[0] == "store") {
        history.store = unescaped(words[1]);
        return true;
    }
    if (words.size() == 2 && words[0] == "time") return read_number(words[1], history.time);
    if (words.size() == 3 && words[0] == "stale") {
        history.others[unescaped(words[1])][unescaped(words[2])].stale = true;
        return true;
    }
    if (words.size() != 6 || words[0] != "seen") return false;
    SeenFile& seen = history.others[unescaped(words[1])][unescaped(words[2])];
    seen.digest = words[5];
    return read_number(words[3], seen.size) && read_number(words[4], seen.time);
}

struct CloseFile {
    int number;
    ~CloseFile()
    {
        if (number >= 0) ::close(number);
    }
};

void write_file(const fs::path& file, std::string_view bytes)
{
    const CloseFile out {
        ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600)};
    if (out.number < 0) fail_system("create", file);
    const ssize_t count = ::write(out.number, bytes.data(), bytes.size());
    if (count < 0 || static_cast<std::size_t>(count) != bytes.size()) fail_system("write", file);
    if (::fsync(out.number) != 0) fail_system("flush", file);
}

struct FreeDigest {
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};

std::string hexadecimal(std::string_view bytes)
{
    constexpr char digits[] = "0123456789abcdef";
    std::string text;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text += {digits[byte >> 4], digits[byte & 15]};
    }
    return text;
}

}  // namespace

std::string to_text(const StatusHistory& history)
{
    std::string text = concat(
        head, "\nstore ", escaped(history.store), "\ntime ", std::to_string(history.time), "\n");
    for (const auto& [store, files] : history.others)
        for (const auto& [folder, seen] : files) {
            const std::string names = concat(escaped(store), " ", escaped(folder));
            if (seen.stale)
                text += concat("stale ", names, "\n");
            else
                text += concat(
                    "seen ", names, " ", std::to_string(seen.size), " ", std::to_string(seen.time),
                    " ", seen.digest, "\n");
        }
    return text + "end\n";
}

std::optional<StatusHistory> history_from(std::string_view text)
{
    StatusHistory history;
    std::size_t number = 0;
    for (const auto line : split(text, '\n')) {
        if (number++ == 0) {
            if (line != head) return std::nullopt;
        } else if (line == "end") {
            return history.store.empty() ? std::nullopt : std::optional(history);
        } else if (!read_line(split(line, ' '), history)) {
            return std::nullopt;
        }
    }
    return std::nullopt;
}

namespace {

std::string text_of(std::istream& in, const fs::path& file)
{
    try {
        return {std::istreambuf_iterator<char>(in), {}};
    } catch (const std::ios_base::failure&) {  // a broken disk, a directory of that name
        fail_system("read", file);
    }
}

}  // namespace

std::optional<StatusHistory> read_history(const fs::path& file)
{
    std::ifstream in(file, std::ios::binary);
    if (!in && errno == ENOENT) return std::nullopt;
    if (!in) fail_system("read", file);
    auto history = history_from(text_of(in, file));
    if (!history)
        throw Error(
            Errc::corrupt, Scope::repository, Retry::never,
            concat(
                "read the status history in ", file.string(),
                ": it is damaged, or of a newer version; if the account has never used another "
                "status_backend than it does now, remove the file"));
    return history;
}

void write_history(const fs::path& file, const StatusHistory& history)
{
    const fs::path beside = file.string() + ".new";
    write_file(beside, to_text(history));
    if (::rename(beside.c_str(), file.c_str()) != 0) fail_system("replace", file);
    const CloseFile directory {
        ::open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (directory.number < 0 || ::fsync(directory.number) != 0)
        fail_system("flush", file.parent_path());
}

std::optional<SeenFile> look_at(const fs::path& file)
{
    struct stat facts = {};
    if (::stat(file.c_str(), &facts) != 0) {
        if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
        fail_system("look at", file);
    }
    SeenFile seen;
    seen.size = static_cast<std::uint64_t>(facts.st_size);
    seen.time = std::int64_t {facts.st_mtim.tv_sec} * 1'000'000'000 + facts.st_mtim.tv_nsec;
    return seen;
}

std::string digest_of(const fs::path& file)
{
    const std::unique_ptr<EVP_MD_CTX, FreeDigest> context(EVP_MD_CTX_new());
    EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
    std::ifstream in(file, std::ios::binary);
    if (!in) fail_system("read", file);
    std::string chunk(1 << 16, '\0');
    while (in.read(chunk.data(), static_cast<std::streamsize>(chunk.size())) || in.gcount() > 0)
        EVP_DigestUpdate(context.get(), chunk.data(), static_cast<std::size_t>(in.gcount()));
    std::string bytes(EVP_MAX_MD_SIZE, '\0');
    unsigned size = 0;
    EVP_DigestFinal_ex(context.get(), reinterpret_cast<unsigned char*>(bytes.data()), &size);
    return hexadecimal(std::string_view(bytes).substr(0, size));
}

}  // namespace offlineimap::core
