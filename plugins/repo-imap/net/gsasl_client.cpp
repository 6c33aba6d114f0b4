// SPDX-License-Identifier: Apache-2.0
#include "gsasl_client.hpp"

#include "salted_password.hpp"
#include "text.hpp"

#include <array>
#include <charconv>
#include <cstring>
#include <gsasl.h>
#include <openssl/evp.h>
#include <utility>

namespace offlineimap::imap {

namespace {

struct GsaslDeleter {
    void operator()(Gsasl* library) const noexcept { gsasl_done(library); }
};
using Library = std::unique_ptr<Gsasl, GsaslDeleter>;

struct SessionDeleter {
    void operator()(Gsasl_session* session) const noexcept
    {
        // libgsasl frees its copies as they are.
        for (const auto secret : {GSASL_PASSWORD, GSASL_SCRAM_SALTED_PASSWORD})
            if (const char* copy = gsasl_property_fast(session, secret))
                OPENSSL_cleanse(const_cast<char*>(copy), std::strlen(copy));
        gsasl_finish(session);
    }
};
using Session = std::unique_ptr<Gsasl_session, SessionDeleter>;

/// What libgsasl is not told beforehand. Its own PBKDF2 takes more time than all the rest of a run
/// that finds nothing new; where there is no answer it does that itself.
int answer_property(Gsasl* /*library*/, Gsasl_session* session, Gsasl_property property)
{
    if (property != GSASL_SCRAM_SALTED_PASSWORD) return GSASL_NO_CALLBACK;
    const auto salted = salted_password(*session);
    if (salted.value().empty()) return GSASL_NO_CALLBACK;
    return gsasl_property_set(session, property, salted.value().c_str());
}

Library make_library()
{
    Gsasl* library = nullptr;
    const int code = gsasl_init(&library);
    if (code != GSASL_OK)
        throw Error(Errc::internal, joined("start libgsasl: ", gsasl_strerror(code)));
    gsasl_callback_set(library, answer_property);
    return Library(library);
}

std::string base64(std::string_view bytes)
{
    std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    const int size = EVP_EncodeBlock(
        reinterpret_cast<unsigned char*>(text.data()),
        reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(size));
    return text;
}

/// RFC 7677 section 4 asks for 4096 at least: with fewer a listener guesses the password sooner.
/// More than anybody recommends would only keep us busy, deaf to Ctrl-C, for seconds.
constexpr std::uint64_t fewest_iterations = 4096, most_iterations = 1'000'000;

/// `i=` of SCRAM's first challenge (RFC 5802 section 7), 0 for no number; nullopt where there is
/// none.
std::optional<std::uint64_t> iterations_in(std::string_view challenge)
{
    const auto at = challenge.find(",i=");
    if (at == std::string_view::npos) return std::nullopt;
    const auto digits = challenge.substr(at + 3, challenge.find(',', at + 3) - (at + 3));
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error == std::errc::result_out_of_range) return UINT64_MAX;
    const bool is_number = error == std::errc {} && end == digits.data() + digits.size();
    return is_number ? number : 0;
}

void check_iterations(const std::string& mechanism, std::string_view challenge)
{
    const auto number = iterations_in(challenge);
    if (!number || (*number >= fewest_iterations && *number <= most_iterations)) return;
    throw Error(
        Errc::auth,
        joined(
            mechanism, ": the server asks for ",
            *number < fewest_iterations ? "too few" : "too many", " iterations (",
            std::to_string(*number), "), so it is not trusted with a proof"));
}

bool begins(std::string_view mechanism)
{
    return mechanism != "LOGIN" && mechanism != "CRAM-MD5" && mechanism != "DIGEST-MD5";
}

class GsaslClient final : public SaslClient {
public:
    GsaslClient(std::string_view mechanism, const SaslRequest& request)
        : mechanism_(mechanism), library_(make_library())
    {
        Gsasl_session* session = nullptr;
        const int code = gsasl_client_start(library_.get(), mechanism_.c_str(), &session);
        if (code != GSASL_OK) throw failed(code);
        session_.reset(session);
        set(GSASL_AUTHID, request.user);
        set(GSASL_SERVICE, "imap");
        set(GSASL_HOSTNAME, request.host);
        set(GSASL_QOP, "qop-auth");
        if (!request.identity.empty())
            set(GSASL_AUTHZID, request.identity);
        else if (mechanism_ == "GSSAPI")
            set(GSASL_AUTHZID, request.user);
    }

    void use_password(const WipedText& password) { set(GSASL_PASSWORD, password.value()); }

    void bind_to(const Stream& stream)
    {
        const std::string exporter = stream.channel_binding("tls-exporter");
        const std::string unique = stream.channel_binding("tls-unique");
        if (!exporter.empty()) set(GSASL_CB_TLS_EXPORTER, base64(exporter));
        if (!unique.empty()) set(GSASL_CB_TLS_UNIQUE, base64(unique));
    }

    void begin()
    {
        if (begins(mechanism_)) first_ = step({});
    }

    [[nodiscard]] std::string_view mechanism() const noexcept override { return mechanism_; }
    std::optional<std::string> initial_response() override { return std::move(first_); }
    [[nodiscard]] bool done() const noexcept override { return done_; }

    std::string step(std::string_view challenge) override
    {
        // A server may close SCRAM and DIGEST-MD5 with one more, empty challenge.
        if (done_ && challenge.empty()) return {};
        if (mechanism_.starts_with("SCRAM") && !std::exchange(was_challenged_, !challenge.empty()))
            check_iterations(mechanism_, challenge);
        char* output = nullptr;
        std::size_t size = 0;
        const int code =
            gsasl_step(session_.get(), challenge.data(), challenge.size(), &output, &size);
        if (code != GSASL_OK && code != GSASL_NEEDS_MORE) throw failed(code);
        done_ = code == GSASL_OK;
        std::string answer(output ? output : "", size);
        if (output) OPENSSL_cleanse(output, size);
        gsasl_free(output);
        return answer;
    }

private:
    void set(Gsasl_property property, const std::string& value)
    {
        const int code = gsasl_property_set(session_.get(), property, value.c_str());
        if (code != GSASL_OK) throw failed(code);
    }

    [[nodiscard]] Error failed(int code) const
    {
        if (mechanism_ == "GSSAPI" && session_ && !first_)
            return {Errc::auth, "GSSAPI: there is no Kerberos ticket for this server"};
        if (mechanism_.starts_with("SCRAM") && code == GSASL_AUTHENTICATION_ERROR)
            return {
                Errc::auth,
                joined(mechanism_, ": the server did not prove that it knows the password")};
        if (code == GSASL_SASLPREP_ERROR)
            return {
                Errc::unsupported,
                joined(mechanism_, " cannot carry this user name or password (RFC 4013)")};
        return {Errc::auth, joined(mechanism_, ": ", in_lower_case(gsasl_strerror(code)))};
    }

    std::string mechanism_;
    Library library_;
    Session session_;
    std::optional<std::string> first_;
    bool was_challenged_ = false, done_ = false;
};

}  // namespace

std::unique_ptr<SaslClient> make_gsasl_client(
    std::string_view mechanism, const SaslRequest& request, const Stream& stream,
    const WipedText& password)
{
    auto client = std::make_unique<GsaslClient>(mechanism, request);
    if (mechanism != "GSSAPI" && mechanism != "EXTERNAL") client->use_password(password);
    if (mechanism.ends_with("-PLUS")) client->bind_to(stream);
    client->begin();
    return client;
}

}  // namespace offlineimap::imap
