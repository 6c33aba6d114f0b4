// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "stream.hpp"

#include <cstddef>
#include <memory>
#include <vector>
#include <zlib.h>

namespace offlineimap::imap {

/// COMPRESS=DEFLATE (RFC 4978): raw deflate both ways, flushed with each piece that is sent.
class DeflateStream final : public Stream {
public:
    /// `received` is compressed already.
    DeflateStream(std::unique_ptr<Stream> inner, Bytes received);
    ~DeflateStream() override;

    Progress exchange(Bytes out, std::span<std::byte> in, Deadline deadline) override;
    void wake_on(int descriptor) noexcept override { inner_->wake_on(descriptor); }
    [[nodiscard]] bool encrypted() const noexcept override { return inner_->encrypted(); }
    [[nodiscard]] bool loopback() const noexcept override { return inner_->loopback(); }
    [[nodiscard]] std::string channel_binding(std::string_view type) const override
    {
        return inner_->channel_binding(type);
    }
    [[nodiscard]] std::string description() const override;

private:
    void compress(Bytes piece);
    std::size_t inflate_into(std::span<std::byte> space);
    void transfer(std::span<std::byte> space, Deadline deadline);
    [[nodiscard]] std::size_t take_accepted(std::size_t offered);

    std::unique_ptr<Stream> inner_;
    z_stream deflate_ {};
    z_stream inflate_ {};
    std::vector<std::byte> packed_;  ///< compressed, from packed_begin_ on not yet sent
    std::size_t packed_begin_ = 0;
    std::size_t accepted_ = 0;         ///< bytes of `out` that packed_ stands for
    std::vector<std::byte> received_;  ///< compressed, as it came
    std::size_t received_begin_ = 0, received_end_ = 0;
    bool more_inside_ = false;  ///< zlib may hold output for which there was no space
};

}  // namespace offlineimap::imap
