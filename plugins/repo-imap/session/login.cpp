// SPDX-License-Identifier: Apache-2.0
#include "login.hpp"

#include "authenticate.hpp"
#include "net/connect.hpp"

namespace offlineimap::imap {

namespace {

void learn_capabilities(Connection& connection)
{
    if (connection.capabilities().known()) return;
    const auto answer = connection.run("CAPABILITY");
    if (!answer.ok()) throw session_refusal("ask " + connection.peer() + " what it can do", answer);
    if (!connection.capabilities().known())
        throw Error(Errc::protocol, connection.peer() + ": the server does not say what it can do");
}

/// What comes in besides the answer could have been put there, to be taken for said under TLS: RFC
/// 9051 section 6.2.1.
std::unique_ptr<Stream> ask_for_tls(Connection& connection)
{
    const auto what = "start TLS with " + connection.peer();
    try {
        const auto answer = connection.run("STARTTLS");
        if (!answer.ok()) throw Error(Errc::tls, refusal(what, answer).what());
        return connection.release_stream("STARTTLS");
    } catch (const Error& error) {
        if (error.code() != Errc::protocol) throw;
        throw Error(
            Errc::tls,
            what + ": refused, data came in the clear with the answer to STARTTLS (" + error.what()
                + ')');
    }
}

/// RFC 3501 section 6.2.1, RFC 8314.
void start_tls_on(Connection& connection, const Endpoint& endpoint)
{
    if (!connection.has("STARTTLS"))
        throw Error(
            Errc::tls,
            connection.peer()
                + ": the server does not offer STARTTLS (ssl = no asks for it; starttls = no goes "
                  "without)");
    connection.use_stream(start_tls(ask_for_tls(connection), endpoint));
    connection.forget();
    learn_capabilities(connection);
}

Error greeting_refusal(const Connection& connection)
{
    const auto error = session_refusal("connect to " + connection.peer(), *connection.greeting());
    return {error.code(), Scope::repository, error.retry(), error.what()};
}

enum class Greeting : std::uint8_t { sign_in, signed_in };

Greeting hear_greeting(Connection& connection, const Endpoint& endpoint)
{
    connection.wait([&connection] { return connection.greeting().has_value(); });
    const auto status = connection.greeting()->status;
    if (status != Status::ok && status != Status::preauth) throw greeting_refusal(connection);
    if (status == Status::preauth) {
        // Whoever can answer in the clear could also say this.
        if (endpoint.security == Security::starttls)
            throw Error(
                Errc::tls,
                connection.peer() + ": the server signs us in before TLS could start: refused");
        return Greeting::signed_in;
    }
    if (endpoint.preauthenticated)
        throw Error(Errc::auth, connection.peer() + ": the tunnel does not sign in (no PREAUTH)");
    return Greeting::sign_in;
}

}  // namespace

std::unique_ptr<Connection>
sign_in(std::unique_ptr<Stream> stream, const Account& account, Host& host, const Cancel* cancel)
{
    const auto& endpoint = account.endpoint;
    Connection::Setup setup;
    setup.peer = endpoint.name();
    setup.timeout = endpoint.timeout;
    setup.hidden_capabilities = account.hidden_capabilities;
    // Whoever sits between could put words into the server's mouth.
    if (endpoint.security == Security::starttls) setup.alerts = Connection::Alerts::withheld;
    auto connection = std::make_unique<Connection>(std::move(stream), host, std::move(setup));
    const auto greeting = hear_greeting(*connection, endpoint);
    learn_capabilities(*connection);
    if (endpoint.security == Security::starttls) start_tls_on(*connection, endpoint);
    if (greeting == Greeting::sign_in) authenticate(*connection, account, cancel);
    if (!connection->capabilities().is_news()) connection->capabilities().forget();
    learn_capabilities(*connection);
    return connection;
}

}  // namespace offlineimap::imap
