// SPDX-License-Identifier: Apache-2.0
#include "deflate_stream.hpp"

#include "text.hpp"

#include <offlineimap/error.hpp>

#include <algorithm>
#include <utility>

namespace offlineimap::imap {

namespace {

constexpr std::size_t piece_size = 65'536;
constexpr int raw_window = -15;  // negative: no zlib header
constexpr int memory_level = 9;

// zlib's interface predates const.
Bytef* zlib_input(Bytes bytes)
{
    return reinterpret_cast<Bytef*>(const_cast<std::byte*>(bytes.data()));
}

Bytef* zlib_output(std::byte* bytes)
{
    return reinterpret_cast<Bytef*>(bytes);
}

uInt as_uint(std::size_t size)
{
    return static_cast<uInt>(std::min<std::size_t>(size, 1u << 30));
}

}  // namespace

DeflateStream::DeflateStream(std::unique_ptr<Stream> inner, Bytes received)
    : inner_(std::move(inner))
    , received_(std::max(piece_size, received.size()))
    , received_end_(received.size())
{
    std::copy(received.begin(), received.end(), received_.begin());
    const int sender = deflateInit2(
        &deflate_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, raw_window, memory_level, Z_DEFAULT_STRATEGY);
    if (sender != Z_OK) throw Error(Errc::internal, "start compression: no memory");
    if (inflateInit2(&inflate_, raw_window) != Z_OK) {
        deflateEnd(&deflate_);
        throw Error(Errc::internal, "start compression: no memory");
    }
}

DeflateStream::~DeflateStream()
{
    deflateEnd(&deflate_);
    inflateEnd(&inflate_);
}

std::string DeflateStream::description() const
{
    return joined(inner_->description(), ", compressed");
}

Stream::Progress DeflateStream::exchange(Bytes out, std::span<std::byte> in, Deadline deadline)
{
    if (out.empty() && in.empty()) return {};
    if (accepted_ == 0 && !out.empty()) compress(out.first(std::min(out.size(), piece_size)));
    for (bool is_late = false;; is_late = std::chrono::steady_clock::now() >= deadline) {
        Progress progress {take_accepted(out.size()), 0};
        if (!in.empty()) progress.read = inflate_into(in);
        if (progress.written + progress.read > 0) return progress;
        if (is_late)  // what came was compressed from nothing
            throw Error(Errc::timeout, "wait for the server: no answer in time");
        transfer(in, deadline);
    }
}

/// Reported only when all of it has left, so that nobody takes a command for sent that is not. The
/// same bytes are offered again until then.
std::size_t DeflateStream::take_accepted(std::size_t offered)
{
    if (accepted_ == 0 || offered == 0 || packed_begin_ < packed_.size()) return 0;
    if (offered < accepted_) throw Error(Errc::internal, "less to send than was offered before");
    return std::exchange(accepted_, 0);
}

void DeflateStream::transfer(std::span<std::byte> space, Deadline deadline)
{
    const Bytes unsent = Bytes(packed_).subspan(packed_begin_);
    std::span<std::byte> free;
    if (!space.empty()) {
        // Everything received was given to zlib before.
        received_begin_ = received_end_ = 0;
        free = received_;
    }
    const auto progress = inner_->exchange(unsent, free, deadline);
    packed_begin_ += progress.written;
    received_end_ += progress.read;
}

void DeflateStream::compress(Bytes piece)
{
    packed_.resize(deflateBound(&deflate_, static_cast<uLong>(piece.size())) + 64);
    packed_begin_ = 0;
    deflate_.next_in = zlib_input(piece);
    deflate_.avail_in = as_uint(piece.size());
    std::size_t used = 0;
    do {
        if (used == packed_.size()) packed_.resize(packed_.size() * 2);
        deflate_.next_out = zlib_output(packed_.data() + used);
        deflate_.avail_out = as_uint(packed_.size() - used);
        deflate(&deflate_, Z_SYNC_FLUSH);
        used = packed_.size() - deflate_.avail_out;
    } while (deflate_.avail_out == 0);
    packed_.resize(used);
    accepted_ = piece.size();
}

std::size_t DeflateStream::inflate_into(std::span<std::byte> space)
{
    if (received_begin_ == received_end_ && !more_inside_) return 0;
    const auto input = Bytes(received_).subspan(received_begin_, received_end_ - received_begin_);
    inflate_.next_in = zlib_input(input);
    inflate_.avail_in = as_uint(input.size());
    inflate_.next_out = zlib_output(space.data());
    inflate_.avail_out = as_uint(space.size());
    const int code = inflate(&inflate_, Z_SYNC_FLUSH);
    if (code != Z_OK && code != Z_BUF_ERROR)
        throw Error(
            Errc::protocol,
            code == Z_STREAM_END ? "the server ended the compressed stream"
                                 : "the server's compressed stream is damaged");
    received_begin_ = received_end_ - inflate_.avail_in;
    more_inside_ = inflate_.avail_out == 0;
    return space.size() - inflate_.avail_out;
}

}  // namespace offlineimap::imap
