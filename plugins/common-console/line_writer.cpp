// SPDX-License-Identifier: Apache-2.0
#include "line_writer.hpp"

#include <cerrno>
#include <poll.h>
#include <unistd.h>

namespace offlineimap::console {

void write_all(int descriptor, std::string_view bytes) noexcept
{
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno == EAGAIN) {
            pollfd wait {descriptor, POLLOUT, 0};
            ::poll(&wait, 1, -1);
        } else if (errno != EINTR) {
            return;
        }
    }
}

}  // namespace offlineimap::console
