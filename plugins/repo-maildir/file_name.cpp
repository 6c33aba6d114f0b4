// SPDX-License-Identifier: Apache-2.0
#include "file_name.hpp"

#include "text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <unistd.h>

namespace offlineimap::maildir {
namespace {

constexpr std::string_view uid_mark = ",U=";
constexpr std::string_view md5_mark = ",FMD5=";
constexpr std::size_t md5_size = 32;
/// More digits than any UID has, fewer than overflow 64 bits.
constexpr std::size_t most_digits = 18;

std::size_t find_info(std::string_view name, char separator) noexcept
{
    for (std::size_t at = name.find(separator); at != std::string_view::npos;
         at = name.find(separator, at + 1))
        if (name.substr(at + 1, 2) == "2,") return at;
    return std::string_view::npos;
}

struct Piece {
    std::size_t start = 0;
    std::size_t size = 0;  ///< 0 = not there
};

bool is_lower_hex(char c) noexcept
{
    return is_digit(c) || (c >= 'a' && c <= 'f');
}

/// The first place where `mark` is followed by digits.
Piece find_uid(std::string_view base) noexcept
{
    for (std::size_t at = base.find(uid_mark); at != std::string_view::npos;
         at = base.find(uid_mark, at + 1)) {
        std::size_t end = at + uid_mark.size();
        while (end < base.size() && is_digit(base[end]))
            ++end;
        if (end > at + uid_mark.size()) return {at, end - at};
    }
    return {};
}

Piece find_md5(std::string_view base) noexcept
{
    for (std::size_t at = base.find(md5_mark); at != std::string_view::npos;
         at = base.find(md5_mark, at + 1)) {
        const std::string_view hex = base.substr(at + md5_mark.size(), md5_size);
        if (hex.size() == md5_size && std::all_of(hex.begin(), hex.end(), is_lower_hex))
            return {at, md5_mark.size() + md5_size};
    }
    return {};
}

std::string host_name()
{
    std::array<char, 256> name {};
    if (::gethostname(name.data(), name.size() - 1) != 0) return "localhost";
    std::string host(name.data());
    for (const char separator : {'/', ':', '!'})
        std::replace(host.begin(), host.end(), separator, '-');
    return host.empty() ? "localhost" : host;
}

}  // namespace

NameParts split_name(std::string_view name, InfoSeparator preferred) noexcept
{
    const bool colon_first = preferred == InfoSeparator::colon;
    std::size_t info = find_info(name, colon_first ? ':' : '!');
    if (info == std::string_view::npos) info = find_info(name, colon_first ? '!' : ':');
    if (info == std::string_view::npos) return {name, false, {}, {}};
    const std::string_view rest = name.substr(info + 3);
    const auto end = std::find_if_not(rest.begin(), rest.end(), is_letter);
    const auto count = static_cast<std::size_t>(end - rest.begin());
    return {name.substr(0, info), true, rest.substr(0, count), rest.substr(count)};
}

Marks find_marks(std::string_view base) noexcept
{
    Marks found;
    const Piece md5 = find_md5(base);
    if (md5.size != 0) found.md5 = base.substr(md5.start + md5_mark.size(), md5_size);
    const Piece uid = find_uid(base);
    if (uid.size == 0 || uid.size > uid_mark.size() + most_digits) return found;
    const char* const digits = base.data() + uid.start + uid_mark.size();
    std::from_chars(digits, base.data() + uid.start + uid.size, found.uid);
    return found;
}

std::string marks(std::uint64_t uid, std::string_view md5)
{
    return concat(uid_mark, std::to_string(uid), md5_mark, md5);
}

std::string without_marks(std::string_view base)
{
    std::string rest(base);
    for (const auto find : {find_uid, find_md5})
        for (Piece piece = find(rest); piece.size != 0; piece = find(rest))
            rest.erase(piece.start, piece.size);
    return rest;
}

std::string
with_info(std::string_view base, InfoSeparator separator, std::string_view letters_and_tail)
{
    const char mark = static_cast<char>(separator);
    return concat(base, std::string_view(&mark, 1), "2,", letters_and_tail);
}

StemMaker::StemMaker() : host_(host_name()) { }

std::string StemMaker::next()
{
    using namespace std::chrono;
    const std::int64_t now = duration_cast<seconds>(system_clock::now().time_since_epoch()).count();
    const std::lock_guard lock(mutex_);
    if (now != second_) {
        second_ = now;
        sequence_ = 0;
    }
    return stem(now, sequence_++);
}

std::string StemMaker::next(std::chrono::sys_seconds date)
{
    const std::lock_guard lock(mutex_);
    return stem(date.time_since_epoch().count(), dated_sequence_++);
}

std::string StemMaker::stem(std::int64_t second, std::uint64_t sequence) const
{
    return concat(
        std::to_string(second), "_", std::to_string(sequence), ".", std::to_string(::getpid()), ".",
        host_);
}

bool StemMaker::is_ours(std::string_view name) const noexcept
{
    const auto skip_number = [&name](char behind) {
        const auto end = std::find_if_not(name.begin(), name.end(), is_digit);
        const auto count = static_cast<std::size_t>(end - name.begin());
        if (count == 0 || count == name.size() || name[count] != behind) return false;
        name.remove_prefix(count + 1);
        return true;
    };
    return skip_number('_') && skip_number('.') && skip_number('.') && name.starts_with(host_)
        && name.substr(host_.size()).starts_with(",U=");
}

}  // namespace offlineimap::maildir
