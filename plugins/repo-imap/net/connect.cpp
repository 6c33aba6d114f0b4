// SPDX-License-Identifier: Apache-2.0
#include "connect.hpp"

#include "deflate_stream.hpp"
#include "socket_stream.hpp"
#include "tcp.hpp"
#include "text.hpp"
#include "tls_stream.hpp"
#include "tunnel.hpp"

namespace offlineimap::imap {

namespace {

std::unique_ptr<Stream> connected(const Endpoint& endpoint, const Cancel& cancel)
{
    if (!endpoint.tunnel.empty())
        return std::make_unique<SocketStream>(open_tunnel(endpoint, cancel));
    Socket socket = connect_tcp(endpoint, cancel);
    if (endpoint.security == Security::tls)
        return std::make_unique<TlsStream>(std::move(socket), endpoint);
    return std::make_unique<SocketStream>(std::move(socket));
}

}  // namespace

std::unique_ptr<Stream> connect(const Endpoint& endpoint, const Cancel& cancel, Host& host)
{
    cancel.check();
    auto stream = connected(endpoint, cancel);
    if (host.logs(Level::debug))
        host.log(
            Level::debug, joined("connected to ", endpoint.name(), ", ", stream->description()));
    return stream;
}

std::unique_ptr<Stream> start_tls(std::unique_ptr<Stream> plain, const Endpoint& endpoint)
{
    auto* socket_stream = dynamic_cast<SocketStream*>(plain.get());
    if (!socket_stream) throw Error(Errc::internal, "start TLS: not on a plain socket");
    return std::make_unique<TlsStream>(
        socket_stream->release(), endpoint, TlsStream::Start::after_command);
}

std::unique_ptr<Stream> start_deflate(std::unique_ptr<Stream> inner, Bytes received)
{
    return std::make_unique<DeflateStream>(std::move(inner), received);
}

}  // namespace offlineimap::imap
