// SPDX-License-Identifier: Apache-2.0
#include "authenticate.hpp"

#include "net/sasl.hpp"
#include "protocol/base64.hpp"
#include "protocol/text.hpp"

#include <algorithm>
#include <array>
#include <set>

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
        if (problem_ || ++challenges_ > most_challenges)
            throw Error(
                Errc::protocol,
                connection_.peer() + ": the server goes on asking instead of signing in");
        // What is thrown within waits: the connection must hear the server's last word.
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
    /// GSSAPI, the longest one, has four.
    static constexpr int most_challenges = 20;

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
    int challenges_ = 0;
};

/// What a server cannot do now, whoever asks (RFC 5530, RFC 9051 section 7.1).
bool is_temporary(const Answer& answer)
{
    constexpr std::array<std::string_view, 3> codes {"SERVERBUG", "OVERQUOTA", "CONTACTADMIN"};
    const auto is = [&answer](std::string_view code) { return answer.is(code); };
    return asks_for_patience(answer) || std::any_of(codes.begin(), codes.end(), is);
}

/// What a NO or BAD to LOGIN or AUTHENTICATE means: whatever else it may be elsewhere, here the
/// whole account waits for it.
Error meaning_of(const std::string& what, const std::string& mechanism, const Answer& answer)
{
    // Servers repeat in a BAD what they did not understand: here, a secret.
    const auto text = answer.status == Status::bad ? what + ": server answered BAD to " + mechanism
            + (answer.code.empty() ? "" : " [" + printable(answer.code) + ']')
                                                   : std::string(refusal(what, answer).what());
    if (is_temporary(answer)) return {Errc::unavailable, text};
    if (answer.is("PRIVACYREQUIRED")) return {Errc::tls, text + "; set ssl or starttls to yes"};
    return {Errc::auth, text};
}

class SignIn {
public:
    SignIn(Connection& connection, const Account& account, const Cancel* cancel)
        : connection_(connection)
        , account_(account)
        , what_("sign in to " + account.endpoint.host + " as " + printable(account.user))
    {
        if (account.tokens) tokens_.emplace(*account.tokens, cancel);
        request_.tokens = tokens_ ? &*tokens_ : nullptr;
        request_.wanted = account.mechanisms;
        request_.user = account.user;
        request_.identity = account.identity;
        request_.host = account.endpoint.host;
        request_.port = account.endpoint.port;
        request_.clear_passwords = account.endpoint.security == Security::none
            ? ClearPasswords::allowed
            : ClearPasswords::only_encrypted;
        request_.client_certificate = !account.endpoint.tls.client_certificate.empty();
        request_.reason = what_;
        request_.offered = offered();
    }

    void run()
    {
        const auto mechanisms = usable();
        if (attempt_all(mechanisms)) return;
        if (!refused_) throw Error(Errc::auth, what_ + ": " + problems_);
        if (!can_ask_again_) throw *refused_;
        request_.reason = refused_->what();
        missing_ = {Secret::none};  // a certificate or a ticket stays what it is
        obtained_.clear();
        age_ = SecretAge::renewed;
        if (attempt_all(mechanisms)) return;
        throw *refused_;
    }

private:
    /// The LOGIN command needs no announcement; it stands for the mechanism of that name, which
    /// says the same in more turns.
    [[nodiscard]] std::vector<std::string> offered() const
    {
        auto names = connection_.capabilities().with_prefix("AUTH=");
        if (!has_login_command()) return names;
        std::erase(names, "LOGIN");
        names.emplace_back("LOGIN");
        return names;
    }

    [[nodiscard]] bool has_login_command() const { return !connection_.has("LOGINDISABLED"); }

    /// Who uses OAuth2 and has configured no password is not asked for one.
    [[nodiscard]] std::vector<std::string> usable() const
    {
        auto names = sasl_mechanisms(request_, connection_.stream());
        if (names.empty()) throw no_mechanism(request_, connection_.stream());
        const bool has_token = std::any_of(names.begin(), names.end(), [](const auto& name) {
            return proof_of(name) == Proof::token;
        });
        if (has_token && request_.wanted.empty()
            && !connection_.host().settings().has("remotepass"))
            std::erase_if(
                names, [](const auto& name) { return secret_of(name) == Secret::password; });
        return names;
    }

    enum class Secret : std::uint8_t { none, token, password };

    static Secret secret_of(std::string_view mechanism)
    {
        switch (proof_of(mechanism)) {
        case Proof::token:
            return Secret::token;
        case Proof::digest:
        case Proof::password:
            return Secret::password;
        default:
            return Secret::none;
        }
    }

    /// Asks for it once, however many mechanisms need it. Who has none, or after a refusal no other
    /// one, is not asked again.
    bool obtain(Secret secret)
    {
        if (missing_.contains(secret)) return false;
        if (secret == Secret::none || obtained_.contains(secret)) return true;
        const auto got = local([&] {
            if (secret == Secret::password)
                (void)password_for(request_, connection_.host(), age_);
            else if (age_ == SecretAge::renewed)
                (void)tokens_->another(request_.reason);
            else
                (void)tokens_->current(request_.reason);
            return true;
        });
        (got ? obtained_ : missing_).insert(secret);
        return got.has_value();
    }

    bool attempt_all(const std::vector<std::string>& mechanisms)
    {
        std::set<Proof> shown;
        for (const auto& mechanism : mechanisms) {
            if (shown.contains(proof_of(mechanism))) continue;
            switch (attempt(mechanism)) {
            case Outcome::accepted:
                return true;
            case Outcome::refused:
                shown.insert(proof_of(mechanism));
                break;
            case Outcome::impossible:
                break;
            case Outcome::hopeless:
                return false;
            }
        }
        return false;
    }

    enum class Outcome : std::uint8_t {
        accepted,
        refused,
        impossible,  ///< nothing was sent
        hopeless,    ///< the server knows us, and no other mechanism would help
    };

    Outcome attempt(const std::string& mechanism)
    {
        if (!obtain(secret_of(mechanism))) return Outcome::impossible;
        connection_.capabilities().expect_news();
        const auto answer = answer_to(mechanism);
        if (!answer) return Outcome::impossible;
        if (answer->ok()) return Outcome::accepted;
        const auto error = meaning_of(what_, mechanism, *answer);
        if (error.code() != Errc::auth) throw error;
        refused_ = error;
        can_ask_again_ = !answer->is("AUTHORIZATIONFAILED");
        // Dovecot 2.3 (2022) lets a master act as somebody else by PLAIN, and not by SCRAM.
        const bool is_final = !can_ask_again_ && account_.identity.empty();
        return is_final || answer->is("EXPIRED") ? Outcome::hopeless : Outcome::refused;
    }

    /// Servers hang up on who was refused, or say nothing more: then the refusal is the news, not
    /// the lost line, or the same password would be offered again over the next one.
    std::optional<Answer> answer_to(const std::string& mechanism)
    {
        try {
            return mechanism == "LOGIN" && has_login_command() ? run_login() : run_sasl(mechanism);
        } catch (const Error& error) {
            const bool is_lost = error.code() == Errc::network || error.code() == Errc::timeout
                || error.code() == Errc::unavailable;
            if (refused_ && is_lost) throw *refused_;
            throw;
        }
    }

    Answer run_login()
    {
        const auto password = password_for(request_, connection_.host(), SecretAge::known);
        CommandLine line(connection_.literals(), "LOGIN");
        line.string(account_.user).string(password->value());
        PlainCommand command;
        connection_.send(line, command, Privacy::secret);
        hear_out(command);
        return command.answer();
    }

    std::optional<Answer> run_sasl(const std::string& mechanism)
    {
        const auto client = local([&] {
            return sasl_client(mechanism, request_, connection_.stream(), connection_.host());
        });
        if (!client) return std::nullopt;
        AuthenticateCommand command(connection_, **client);
        command.send();
        try {
            hear_out(command);
        } catch (const Error& error) {
            // Why we broke off is worth more than how the server took it.
            if (!command.problem() || error.code() == Errc::cancelled) throw;
        }
        if (command.problem() && command.problem()->code() == Errc::unsupported) {
            note(*command.problem());
            return std::nullopt;
        }
        if (command.problem()) throw Error(Errc::auth, what_ + ": " + command.problem()->what());
        if (command.answer().ok() && !(*client)->done())
            throw Error(Errc::auth, what_ + ": the server did not prove that it is the right one");
        return with_reason(command.answer(), (*client)->refusal());
    }

    /// A refusal and a goodbye may come at once: then the refusal counts.
    void hear_out(const PlainCommand& command)
    {
        try {
            connection_.wait([&command] { return command.done(); });
        } catch (const Error&) {
            if (!command.done()) throw;
        }
    }

    /// What can be done here before anything is sent, or nothing where a secret is missing.
    template <class Step> auto local(const Step& step) -> std::optional<decltype(step())>
    {
        try {
            return step();
        } catch (const Error& error) {
            if (error.code() != Errc::auth && error.code() != Errc::unsupported) throw;
            note(error);
            return std::nullopt;
        }
    }

    void note(const Error& problem)
    {
        if (problems_.find(problem.what()) != std::string::npos) return;
        problems_ += (problems_.empty() ? "" : "; ") + std::string(problem.what());
    }

    static Answer with_reason(Answer answer, const std::string& reason)
    {
        if (!answer.ok() && !reason.empty()) answer.line += " (" + reason + ')';
        return answer;
    }

    Connection& connection_;
    const Account& account_;
    std::string what_;
    std::optional<TokenUse> tokens_;
    SaslRequest request_;
    std::optional<Error> refused_;  ///< by the server, the last time
    std::string problems_;          ///< what kept us from trying
    bool can_ask_again_ = false;
    SecretAge age_ = SecretAge::known;
    std::set<Secret> obtained_, missing_;
};

}  // namespace

void authenticate(Connection& connection, const Account& account, const Cancel* cancel)
{
    SignIn(connection, account, cancel).run();
}

}  // namespace offlineimap::imap
