// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "socket.hpp"

namespace offlineimap::imap {

/// A socket as it is.
class SocketStream final : public Stream {
public:
    explicit SocketStream(Socket socket) : socket_(std::move(socket)) { }

    Progress exchange(Bytes out, std::span<std::byte> in, Deadline deadline) override;
    void wake_on(int descriptor) noexcept override { socket_.wake_on(descriptor); }
    [[nodiscard]] bool loopback() const noexcept override;
    /// For TLS, which takes over. The stream is good for destruction only.
    Socket release() { return std::move(socket_); }

private:
    Socket socket_;
};

}  // namespace offlineimap::imap
