// SPDX-License-Identifier: Apache-2.0
#include "frames.hpp"

#include "common-status/checksum.hpp"
#include "common-status/text.hpp"

#include <array>
#include <optional>

namespace offlineimap::status_plain {
namespace {

using status::concat;

constexpr std::string_view mark = "\xf9OIF";
constexpr std::size_t head_size = 16;

void put_number(std::string& out, std::uint32_t number)
{
    for (int shift = 0; shift < 32; shift += 8)
        out += static_cast<char>(number >> shift & 0xff);
}

std::uint32_t number_at(std::string_view bytes, std::size_t at)
{
    std::uint32_t number = 0;
    for (unsigned i = 0; i < 4; ++i)
        number |= std::uint32_t {static_cast<unsigned char>(bytes[at + i])} << 8 * i;
    return number;
}

struct Frame {
    std::uint32_t number = 0;
    std::string_view content;
};

/// The whole frame at the front of `bytes`.
std::optional<Frame> frame_in(std::string_view bytes)
{
    if (bytes.size() < head_size || !bytes.starts_with(mark)) return std::nullopt;
    const std::uint32_t size = number_at(bytes, 8);
    if (size > bytes.size() - head_size) return std::nullopt;
    const auto content = bytes.substr(head_size, size);
    if (status::checksum(content, status::checksum(bytes.substr(0, 12))) != number_at(bytes, 12))
        return std::nullopt;
    return Frame {number_at(bytes, 4), content};
}

/// Frames after a damaged one were written when that one was whole: no write was cut short here.
bool has_frame_after(std::string_view bytes, std::uint32_t number)
{
    for (auto at = bytes.find(mark, 1); at != bytes.npos; at = bytes.find(mark, at + 1))
        if (const auto frame = frame_in(bytes.substr(at)); frame && frame->number > number)
            return true;
    return false;
}

bool is_cut_short(std::string_view bytes, std::string_view head)
{
    return head.starts_with(bytes) || bytes.find_first_not_of('\0') == bytes.npos;
}

std::string version_in(std::string_view bytes, std::string_view name)
{
    const auto rest = bytes.substr(name.size(), bytes.find('\n') - name.size());
    return std::string(rest.substr(0, 20));
}

}  // namespace

std::string FrameKind::head() const
{
    return concat(name, version, "\n");
}

void append_frame(std::string& out, std::uint32_t number, std::string_view content)
{
    const std::size_t start = out.size();
    out += mark;
    put_number(out, number);
    put_number(out, static_cast<std::uint32_t>(content.size()));
    const std::uint32_t sum = status::checksum(std::string_view(out).substr(start));
    put_number(out, status::checksum(content, sum));
    out += content;
}

FrameEnd read_frames(
    std::string_view bytes, const FrameKind& kind, const status::Subject& subject,
    const std::filesystem::path& file, const std::function<void(std::string_view)>& frame)
{
    FrameEnd end;
    const std::string head = kind.head();
    if (!bytes.starts_with(head)) {
        if (is_cut_short(bytes, head)) return end;
        if (bytes.starts_with(kind.name) && bytes.find('\n') < kind.name.size() + 20)
            throw status::corrupt(
                subject, file,
                concat(
                    "it is of version ", version_in(bytes, kind.name),
                    ", this offlineimap knows the version ", kind.version));
        throw status::corrupt(subject, file, "it is a file of something else");
    }
    end.whole = head.size();
    for (;;) {
        const auto rest = bytes.substr(end.whole);
        const auto next = frame_in(rest);
        if (!next || next->number != end.count) {
            if (has_frame_after(rest, end.count))
                throw status::corrupt(subject, file, "a part in the middle of it is damaged");
            return end;
        }
        frame(next->content);
        end.whole += head_size + next->content.size();
        ++end.count;
    }
}

}  // namespace offlineimap::status_plain
