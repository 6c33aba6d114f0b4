// SPDX-License-Identifier: Apache-2.0
#include "authenticate.hpp"

#include "net/sasl.hpp"
#include "protocol/base64.hpp"
#include "protocol/text.hpp"

#include <algorithm>

namespace offlineimap::imap {

namespace {

/// AUTHENTICATE of RFC 3501 section 6.2.2, with the initial response of RFC 4959.
class AuthenticateCommand final : public PlainCommand {
public:
    AuthenticateCommand(Connection& connection, SaslClient& client)
        : connection_(connection), client_(client)
    {
    }

    void send()
    {
        auto first = client_.initial_response();
        CommandLine line(
            connection_.literals(), "AUTHENTICATE " + std::string(client_.mechanism()));
        if (first && connection_.has("SASL-IR"))
            line.raw(' ' + (first->empty() ? "=" : encode_base64(*first)));
        else
            first_ = std::move(first);
        connection_.send(line, *this, Privacy::secret);
    }

    void go_ahead(std::string_view challenge) override
    {
        // Nothing may be thrown from here: the connection must hear the server's last word.
        try {
            connection_.send_raw(encode_base64(reply(challenge)) + "\r\n", Privacy::secret);
        } catch (const Error& error) {
            problem_ = error;
            connection_.send_raw("*\r\n", Privacy::open);
        }
    }

    /// Why we would not go on, whatever the server thinks.
    [[nodiscard]] const std::optional<Error>& problem() const noexcept { return problem_; }

private:
    std::string reply(std::string_view challenge)
    {
        if (first_) return *std::exchange(first_, std::nullopt);
        const auto bytes = decode_base64(challenge);
        if (!bytes) throw Error(Errc::protocol, "the server's challenge is no Base64");
        return client_.step(*bytes);
    }

    Connection& connection_;
    SaslClient& client_;
    std::optional<std::string> first_;
    std::optional<Error> problem_;
};

bool is_plain(std::string_view mechanism)
{
    return mechanism == "PLAIN" || mechanism == "LOGIN";
}

class SignIn {
public:
    SignIn(Connection& connection, const Account& account)
        : connection_(connection)
        , account_(account)
        , what_("sign in to " + account.endpoint.host + " as " + printable(account.user))
    {
        request_.wanted = account.mechanisms;
        request_.user = account.user;
        request_.identity = account.identity;
        request_.host = account.endpoint.host;
        request_.port = account.endpoint.port;
        request_.clear_passwords = account.endpoint.security == Security::none
            ? ClearPasswords::allowed
            : ClearPasswords::only_encrypted;
        request_.client_certificate = !account.endpoint.tls.client_certificate.empty();
        request_.oauth = account.oauth;
        request_.reason = what_;
        request_.offered = offered();
    }

    void run()
    {
        const auto mechanisms = sasl_mechanisms(request_, connection_.stream());
        if (mechanisms.empty()) throw no_mechanism(request_, connection_.stream());
        if (attempt_all(mechanisms)) return;
        request_.fresh = true;
        const auto refused = *refused_;
        request_.reason = refused.what();
        try {
            if (attempt_all(mechanisms)) return;
        } catch (const Error& error) {
            if (error.code() != Errc::auth) throw;
            throw refused;  // nobody there to ask: what the server said is the better reason
        }
        throw *refused_;
    }

private:
    /// The LOGIN command needs no announcement; it stands for the mechanism of that name, which
    /// says the same in more turns.
    [[nodiscard]] std::vector<std::string> offered() const
    {
        auto names = connection_.capabilities().with_prefix("AUTH=");
        std::erase(names, "LOGIN");
        if (!connection_.has("LOGINDISABLED")) names.emplace_back("LOGIN");
        return names;
    }

    bool attempt_all(const std::vector<std::string>& mechanisms)
    {
        bool refused_plain = false, refused_other = false;
        for (const auto& mechanism : mechanisms) {
            auto& refused = is_plain(mechanism) ? refused_plain : refused_other;
            if (refused) continue;
            switch (attempt(mechanism)) {
            case Outcome::accepted:
                return true;
            case Outcome::refused:
                refused = true;
                break;
            case Outcome::impossible:
                break;
            }
            if (refused_plain) return false;
        }
        return false;
    }

    enum class Outcome : std::uint8_t { accepted, refused, impossible };

    Outcome attempt(const std::string& mechanism)
    {
        connection_.capabilities().expect_news();
        const auto answer = mechanism == "LOGIN" ? run_login() : run_sasl(mechanism);
        if (!answer) return Outcome::impossible;
        request_.fresh = false;
        if (answer->ok()) return Outcome::accepted;
        // Servers repeat in a BAD what they did not understand: here, a secret.
        const auto error = answer->status == Status::bad
            ? Error(Errc::auth, what_ + ": server answered BAD to " + mechanism)
            : refusal(what_, *answer);
        if (error.scope() == Scope::repository && error.code() != Errc::auth) throw error;
        refused_ = Error(Errc::auth, error.what());
        return Outcome::refused;
    }

    std::optional<Answer> run_login()
    {
        const auto password =
            connection_.host().secret("remotepass", request_.reason, request_.fresh);
        CommandLine line(connection_.literals(), "LOGIN");
        line.string(account_.user).string(password);
        return connection_.run(line, Privacy::secret);
    }

    std::optional<Answer> run_sasl(const std::string& mechanism)
    {
        auto client = make_client(mechanism);
        if (!client) return std::nullopt;
        AuthenticateCommand command(connection_, *client);
        command.send();
        connection_.wait([&command] { return command.done(); });
        if (command.problem()) throw Error(Errc::auth, what_ + ": " + command.problem()->what());
        if (command.answer().ok() && !client->done())
            throw Error(Errc::auth, what_ + ": the server did not prove that it is the right one");
        return with_reason(command.answer(), client->refusal());
    }

    std::unique_ptr<SaslClient> make_client(const std::string& mechanism)
    {
        try {
            return sasl_client(mechanism, request_, connection_.stream(), connection_.host());
        } catch (const Error& error) {
            if (error.code() != Errc::auth || request_.fresh) throw;
            refused_ = error;
            return nullptr;
        }
    }

    static Answer with_reason(Answer answer, const std::string& reason)
    {
        if (!answer.ok() && !reason.empty()) answer.line += " (" + reason + ')';
        return answer;
    }

    Connection& connection_;
    const Account& account_;
    std::string what_;
    SaslRequest request_;
    std::optional<Error> refused_;
};

}  // namespace

void authenticate(Connection& connection, const Account& account)
{
    SignIn(connection, account).run();
}

}  // namespace offlineimap::imap
