// SPDX-License-Identifier: Apache-2.0
#include "journal.hpp"

#include <algorithm>
#include <cstdint>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace offlineimap::ui_syslog {

Journal::~Journal()
{
    if (socket_ >= 0) ::close(socket_);
}

bool Journal::open(std::string_view path)
{
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) return false;
    std::copy(path.begin(), path.end(), address.sun_path);
    socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (socket_ < 0) return false;
    return ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

bool Journal::send(std::string_view fields) const noexcept
{
    return ::send(socket_, fields.data(), fields.size(), MSG_NOSIGNAL)
        == static_cast<ssize_t>(fields.size());
}

std::string journal_field(std::string_view name, std::string_view value)
{
    if (value.empty()) return {};
    std::string field(name);
    field += '\n';
    for (unsigned shift = 0; shift < 64; shift += 8)
        field += static_cast<char>(static_cast<std::uint64_t>(value.size()) >> shift & 0xff);
    return field.append(value).append("\n");
}

}  // namespace offlineimap::ui_syslog
