// SPDX-License-Identifier: Apache-2.0
#include "socket_bio.hpp"

#include "socket.hpp"

#include <offlineimap/error.hpp>

#include <cerrno>
#include <cstdint>
#include <sys/socket.h>

namespace offlineimap::imap {

namespace {

int descriptor_of(BIO* bio) noexcept
{
    return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
}

int write_bytes(BIO* bio, const char* data, int size) noexcept
{
    BIO_clear_retry_flags(bio);
    const auto sent = ::send(
        descriptor_of(bio), data, static_cast<std::size_t>(size), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && is_for_now(errno)) BIO_set_retry_write(bio);
    return static_cast<int>(sent);
}

int read_bytes(BIO* bio, char* data, int size) noexcept
{
    BIO_clear_retry_flags(bio);
    const auto received =
        ::recv(descriptor_of(bio), data, static_cast<std::size_t>(size), MSG_DONTWAIT);
    if (received < 0 && is_for_now(errno)) BIO_set_retry_read(bio);
    if (received == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
    return static_cast<int>(received);
}

long control(BIO* bio, int command, long, void*) noexcept
{
    if (command == BIO_CTRL_FLUSH) return 1;
    if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0;
    return 0;
}

BIO_METHOD* make_method()
{
    BIO_METHOD* method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket");
    if (!method) throw Error(Errc::internal, "start TLS: no memory");
    BIO_meth_set_write(method, &write_bytes);
    BIO_meth_set_read(method, &read_bytes);
    BIO_meth_set_ctrl(method, &control);
    return method;
}

}  // namespace

OpenSsl<BIO> make_socket_bio(int descriptor)
{
    static const OpenSsl<BIO_METHOD> method(make_method());
    OpenSsl<BIO> bio(BIO_new(method.get()));
    if (!bio) throw Error(Errc::internal, "start TLS: no memory");
    BIO_set_data(bio.get(), reinterpret_cast<void*>(static_cast<std::intptr_t>(descriptor)));
    BIO_set_init(bio.get(), 1);
    return bio;
}

}  // namespace offlineimap::imap
