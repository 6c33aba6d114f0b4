// SPDX-License-Identifier: Apache-2.0
#include "socket_stream.hpp"

namespace offlineimap::imap {

Stream::Progress SocketStream::exchange(Bytes out, std::span<std::byte> in, Deadline deadline)
{
    if (out.empty() && in.empty()) return {};
    socket_.check_cancelled();
    const auto wanted = in.empty() ? Socket::Wait::writable
        : out.empty()              ? Socket::Wait::readable
                                   : Socket::Wait::both;
    for (;;) {
        Progress progress;
        if (!out.empty()) progress.written = socket_.send(out);
        if (!in.empty()) {
            const auto moved = socket_.receive(in);
            progress.read = moved.bytes;
            if (moved.closed && progress.written == 0) throw socket_.gone("closed by the peer");
        }
        if (progress.written + progress.read > 0) return progress;
        socket_.wait(wanted, deadline);
    }
}

bool SocketStream::loopback() const noexcept
{
    return socket_.route() == Socket::Route::loopback;
}

}  // namespace offlineimap::imap
