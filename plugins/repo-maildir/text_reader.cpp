// SPDX-License-Identifier: Apache-2.0
#include "text_reader.hpp"

#include "line_ends.hpp"
#include "posix.hpp"
#include "text.hpp"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>

namespace offlineimap::maildir {
namespace {

constexpr std::size_t buffer_size = 256 * 1024;

/// Finds the end of the header, behind its blank line, in a text that comes in pieces.
class HeaderEnd {
public:
    /// How much of the piece still belongs to the header if it ends in it.
    std::optional<std::size_t> find(std::string_view piece) noexcept
    {
        for (std::size_t at = 0; at < piece.size();) {
            const char c = piece[at];
            if (c == '\n' && line_is_blank_) return at + 1;
            if (c == '\n' || (c == '\r' && line_is_blank_ && !after_cr_)) {
                after_cr_ = c == '\r';
                line_is_blank_ = true;
                ++at;
                continue;
            }
            line_is_blank_ = after_cr_ = false;
            at = std::min(piece.find('\n', at), piece.size());
        }
        return std::nullopt;
    }

private:
    bool line_is_blank_ = true;  ///< but for a CR
    bool after_cr_ = false;
};

std::chrono::sys_seconds modification_time(const struct stat& facts)
{
    return std::chrono::sys_seconds(std::chrono::seconds(facts.st_mtim.tv_sec));
}

}  // namespace

TextReader::TextReader(const Cancel& cancel)
    : cancel_(cancel), buffer_(std::make_unique<char[]>(buffer_size))
{
}

void TextReader::read(
    int file, std::string_view path, std::size_t index, Message& message, Part part,
    FetchSink& sink)
{
    Measures sizes;
    try {
        struct stat facts = {};
        if (::fstat(file, &facts) != 0)
            throw system_error(errno, Scope::message, concat("look at ", path));
        if (!S_ISREG(facts.st_mode))
            throw Error(Errc::rejected, concat("read ", path, ": it is not a file"));
        message.received = modification_time(facts);
        sizes = measure(file, path, static_cast<std::uint64_t>(facts.st_size));
    } catch (const Error& error) {
        if (error.scope() > Scope::message) throw;
        sink.failed(index, error);
        return;
    }
    message.size = sizes.whole.on_wire;
    const Measure wanted = part == Part::whole ? sizes.whole
        : part == Part::header                 ? sizes.header
                                               : Measure {};
    sink.begin(index, message, wanted.on_wire);
    deliver(file, path, wanted, sink);
    sink.end();
}

std::uint64_t TextReader::wire_size(int file, std::string_view path, std::uint64_t size)
{
    return measure(file, path, size).whole.on_wire;
}

TextReader::Measures TextReader::measure(int file, std::string_view path, std::uint64_t size)
{
    held_ = 0;
    size_ = size;
    Measure sum;
    std::optional<Measure> header;
    BareLineFeeds bare;
    HeaderEnd header_end;
    for (;;) {
        const std::string_view piece = piece_at(file, path, sum.on_disk);
        if (piece.empty()) break;
        if (const auto end = header ? std::nullopt : header_end.find(piece)) {
            BareLineFeeds up_to_end = bare;
            up_to_end.count(piece.substr(0, *end));
            header = Measure {sum.on_disk + *end, sum.on_disk + *end + up_to_end.total()};
        }
        bare.count(piece);
        sum.on_disk += piece.size();
        if (piece.size() < buffer_size) break;
    }
    sum.on_wire = sum.on_disk + bare.total();
    return {sum, header.value_or(sum)};
}

void TextReader::deliver(int file, std::string_view path, const Measure& size, FetchSink& sink)
{
    ToCrlf to_crlf;
    std::uint64_t sent = 0;
    for (std::uint64_t at = 0; at < size.on_disk;) {
        std::string_view piece = piece_at(file, path, at);
        piece = piece.substr(0, std::min<std::uint64_t>(piece.size(), size.on_disk - at));
        out_.clear();
        to_crlf.convert(piece, out_);
        at += piece.size();
        sent += out_.size();
        const bool all_there = !piece.empty() && (at < size.on_disk || sent == size.on_wire);
        if (!all_there || sent > size.on_wire)
            throw Error(
                Errc::io, Scope::message, Retry::later,
                concat("read ", path, ": it was changed meanwhile"));
        if (!sink.data(std::as_bytes(std::span(out_)))) return;
    }
}

/// The bytes from `offset` on, as many as fit the buffer; fewer only at the end of the file. Valid
/// until the next call.
std::string_view TextReader::piece_at(int file, std::string_view path, std::uint64_t offset)
{
    const std::string_view all(buffer_.get(), buffer_size);
    if (held_ != 0 && held_offset_ == offset) return all.substr(0, held_);
    cancel_.check();
    held_ = 0;
    held_offset_ = offset;
    const auto left = static_cast<std::size_t>(
        std::min<std::uint64_t>(buffer_size, size_ > offset ? size_ - offset : 0));
    while (held_ < left) {
        const ssize_t n =
            ::pread(file, buffer_.get() + held_, left - held_, static_cast<off_t>(offset + held_));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) {
            held_ = 0;
            throw system_error(errno, Scope::message, concat("read ", path));
        }
        if (n == 0) break;
        held_ += static_cast<std::size_t>(n);
    }
    return all.substr(0, held_);
}

}  // namespace offlineimap::maildir
