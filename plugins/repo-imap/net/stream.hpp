// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/types.hpp>

#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace offlineimap::imap {

using Deadline = std::chrono::steady_clock::time_point;

/// A connected byte stream, full duplex. One thread at a time.
class Stream {
public:
    struct Progress {
        std::size_t written = 0, read = 0;
    };

    Stream() = default;
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
    virtual ~Stream() = default;

    /// Sends from `out` and receives into `in` what goes without waiting; waits until at least one
    /// made progress. Empty `in` = only send, empty `out` = only receive. What was not written must
    /// come first, whole and unchanged, in the next non-empty `out`: a layer may hold it already.
    /// Throws network when the peer is gone, timeout at `deadline`, cancelled, tls. After a throw
    /// the stream is good for destruction only.
    virtual Progress exchange(Bytes out, std::span<std::byte> in, Deadline deadline) = 0;
    /// While this descriptor is readable, a wait ends as if its deadline had come; the stream stays
    /// good. -1 = none.
    virtual void wake_on(int) noexcept { }
    /// TLS is on.
    [[nodiscard]] virtual bool encrypted() const noexcept { return false; }
    /// The peer is this machine, reached without a proxy or a tunnel.
    [[nodiscard]] virtual bool loopback() const noexcept { return false; }
    /// Raw bytes for "tls-exporter" (TLS 1.3) or "tls-unique" (TLS 1.2); empty = not to be had.
    [[nodiscard]] virtual std::string channel_binding(std::string_view) const { return {}; }
    /// For a person: "TLSv1.3, TLS_AES_256_GCM_SHA384".
    [[nodiscard]] virtual std::string description() const { return "not encrypted"; }
};

}  // namespace offlineimap::imap
