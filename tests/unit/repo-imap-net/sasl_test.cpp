// SPDX-License-Identifier: Apache-2.0
#include "fakes.hpp"
#include "net/sasl.hpp"
#include "scram_server.hpp"

#include <gmock/gmock.h>
#include <random>

namespace offlineimap::imap {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class Sasl : public testing::Test {
protected:
    Sasl()
    {
        request.user = "user";
        request.host = "imap.example.org";
        stream.is_encrypted = true;
    }
    std::unique_ptr<SaslClient> client(std::string_view mechanism)
    {
        return sasl_client(mechanism, request, stream, host);
    }
    std::vector<std::string> usable(std::vector<std::string> offered)
    {
        request.offered = std::move(offered);
        return sasl_mechanisms(request, stream);
    }

    SaslRequest request;
    FakeStream stream;
    FakeHost host;
    TokenKeeper keeper {host};
    TokenUse tokens {keeper, nullptr};
};

TEST_F(Sasl, takes_the_strongest_first)
{
    EXPECT_THAT(
        usable({"LOGIN", "plain", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256", "NTLM", "GSSAPI"}),
        ElementsAre("GSSAPI", "SCRAM-SHA-256", "SCRAM-SHA-1", "CRAM-MD5", "PLAIN", "LOGIN"));
}

TEST_F(Sasl, keeps_to_the_users_order)
{
    request.wanted = {"PLAIN", "cram-md5", "NTLM"};
    EXPECT_THAT(usable({"CRAM-MD5", "PLAIN", "SCRAM-SHA-256"}), ElementsAre("PLAIN", "CRAM-MD5"));
}

TEST_F(Sasl, sends_no_readable_password_in_the_clear)
{
    stream.is_encrypted = false;
    request.tokens = &tokens;
    EXPECT_THAT(
        usable({"PLAIN", "LOGIN", "XOAUTH2", "OAUTHBEARER", "CRAM-MD5"}), ElementsAre("CRAM-MD5"));
    EXPECT_EQ(error_of([&] { client("PLAIN"); }).code(), Errc::auth);
    EXPECT_THAT(host.asked, IsEmpty());
    request.clear_passwords = ClearPasswords::allowed;
    EXPECT_THAT(usable({"PLAIN", "LOGIN"}), ElementsAre("PLAIN", "LOGIN"));
}

TEST_F(Sasl, uses_tokens_and_certificates_only_when_there_are_some)
{
    const std::vector<std::string> offered {"XOAUTH2", "OAUTHBEARER", "EXTERNAL", "PLAIN"};
    EXPECT_THAT(usable(offered), ElementsAre("PLAIN"));
    request.tokens = &tokens;
    request.client_certificate = true;
    EXPECT_THAT(usable(offered), ElementsAre("EXTERNAL", "OAUTHBEARER", "XOAUTH2", "PLAIN"));
}

TEST_F(Sasl, binds_to_the_channel_when_it_can)
{
    const std::vector<std::string> offered {"SCRAM-SHA-256", "SCRAM-SHA-256-PLUS"};
    EXPECT_THAT(usable(offered), ElementsAre("SCRAM-SHA-256"));
    stream.binding_type = "tls-exporter";
    stream.binding = std::string(32, 'b');
    EXPECT_THAT(usable(offered), ElementsAre("SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"));
    const auto first = client("SCRAM-SHA-256-PLUS")->initial_response();
    ASSERT_TRUE(first);
    EXPECT_TRUE(first->starts_with("p=tls-exporter,,n=user,r=")) << *first;
}

TEST_F(Sasl, leaves_out_what_cannot_say_whom_we_act_as)
{
    request.identity = "boss";
    EXPECT_THAT(
        usable({"LOGIN", "CRAM-MD5", "DIGEST-MD5", "PLAIN"}), ElementsAre("DIGEST-MD5", "PLAIN"));
    EXPECT_THAT(usable({"LOGIN", "CRAM-MD5"}), IsEmpty());
    EXPECT_THAT(no_mechanism(request, stream).what(), HasSubstr("for remote_identity"));
    request.identity = request.user;
    EXPECT_THAT(usable({"LOGIN", "CRAM-MD5"}), ElementsAre("CRAM-MD5", "LOGIN"));
}

TEST_F(Sasl, refuses_a_password_that_would_end_early)
{
    FakeHost with_nul(
        std::map<std::string, std::string, std::less<>> {{"remotepass", std::string("a\0b", 3)}});
    EXPECT_EQ(
        error_of([&] { sasl_client("PLAIN", request, stream, with_nul); }).code(), Errc::auth);
}

TEST_F(Sasl, says_why_nothing_fits)
{
    request.offered = {"NTLM\x01"};
    request.wanted = {"CRAM-MD5"};
    const Error error = no_mechanism(request, stream);
    EXPECT_EQ(error.code(), Errc::auth);
    EXPECT_EQ(
        std::string(error.what()),
        "sign in to imap.example.org: the server offers NTLM?, auth_mechanisms asks for CRAM-MD5, "
        "and none of these can be used");
    stream.is_encrypted = false;
    EXPECT_THAT(no_mechanism(request, stream).what(), HasSubstr("no password may be sent without"));
}

TEST_F(Sasl, says_that_there_is_no_kerberos_ticket)
{
    setenv("KRB5CCNAME", "FILE:/nonexistent/ticket", 1);
    const Error error = error_of([&] { client("GSSAPI"); });
    EXPECT_EQ(error.code(), Errc::auth);
    EXPECT_THAT(error.what(), HasSubstr("no Kerberos ticket"));
}

TEST_F(Sasl, plain_is_one_message)
{
    const auto plain = client("PLAIN");
    EXPECT_EQ(plain->initial_response(), std::string("\0user\0pencil", 12));
    EXPECT_TRUE(plain->done());
    request.identity = "boss";
    EXPECT_EQ(client("PLAIN")->initial_response(), std::string("boss\0user\0pencil", 16));
    EXPECT_THAT(host.asked, ElementsAre("remotepass", "remotepass"));
}

TEST_F(Sasl, login_answers_two_questions)
{
    const auto login = client("LOGIN");
    EXPECT_EQ(login->initial_response(), std::nullopt);
    EXPECT_EQ(login->step("User Name"), "user");
    EXPECT_EQ(login->step("Password"), "pencil");
    EXPECT_TRUE(login->done());
}

/// The example of RFC 2195 section 2.
TEST_F(Sasl, cram_md5_gives_the_known_answer)
{
    FakeHost tims_host(
        std::map<std::string, std::string, std::less<>> {{"remotepass", "tanstaaftanstaaf"}});
    request.user = "tim";
    const auto cram = sasl_client("CRAM-MD5", request, stream, tims_host);
    EXPECT_EQ(cram->initial_response(), std::nullopt);
    EXPECT_EQ(
        cram->step("<1896.697170952@postoffice.reston.mci.net>"),
        "tim b913a602c7eda7a495b4e6e7334d3890");
    EXPECT_TRUE(cram->done());
}

TEST_F(Sasl, external_names_the_identity_alone)
{
    request.client_certificate = true;
    EXPECT_EQ(client("EXTERNAL")->initial_response(), "");
    request.identity = "boss";
    EXPECT_EQ(client("EXTERNAL")->initial_response(), "boss");
    EXPECT_THAT(host.asked, IsEmpty());
}

TEST_F(Sasl, xoauth2_sends_the_token_and_hears_why_it_is_refused)
{
    request.tokens = &tokens;
    request.user = "joe@example.org";
    const auto xoauth2 = client("XOAUTH2");
    EXPECT_EQ(
        xoauth2->initial_response(),
        "user=joe@example.org\x01"
        "auth=Bearer pencil\x01\x01");
    EXPECT_TRUE(xoauth2->done());
    EXPECT_EQ(xoauth2->step("{\"status\":\"400\"}\x1b"), "");
    EXPECT_EQ(xoauth2->refusal(), "{\"status\":\"400\"}?");
    EXPECT_FALSE(xoauth2->done());
    EXPECT_THAT(host.asked, ElementsAre("oauth2_access_token"));
}

TEST_F(Sasl, oauthbearer_is_as_in_rfc_7628)
{
    request.tokens = &tokens;
    request.user = "a=b,c";
    const auto bearer = client("OAUTHBEARER");
    EXPECT_EQ(
        bearer->initial_response(),
        "n,a=a=3Db=2Cc,\x01host=imap.example.org\x01port=993\x01"
        "auth=Bearer pencil\x01\x01");
    EXPECT_EQ(bearer->step("{}"), "\x01");
}

/// Whatever a server says, there is an answer or an Error, and never the belief that it proved
/// itself.
TEST_F(Sasl, survives_any_challenge)
{
    const std::vector<std::string> seeds {
        "",
        "r=abc,s=QSXCR+Q6sek8bf92,i=4096",
        "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=",
        "e=other-error",
        R"(realm="a",nonce="b",qop="auth,auth-int",charset=utf-8,algorithm=md5-sess)",
        "rspauth=00000000000000000000000000000000",
        "<1.2@host>",
        std::string(9000, ',')};
    std::mt19937 random(1);  // NOLINT(cert-msc51-cpp): the same each time
    request.tokens = &tokens;
    for (int round = 0; round < 3000; ++round) {
        const bool is_digest = round % 2 == 0;
        const auto peer = client(is_digest ? "DIGEST-MD5" : "SCRAM-SHA-256");
        (void)peer->initial_response();
        auto challenge = seeds[random() % seeds.size()];
        for (auto changes = random() % 4; changes > 0 && !challenge.empty(); --changes)
            challenge[random() % challenge.size()] = static_cast<char>(random());
        try {
            for (int step = 0; step < 3; ++step)
                (void)peer->step(challenge);
        } catch (const Error& error) {
            EXPECT_THAT(error.what(), Not(HasSubstr("pencil")));
        }
        EXPECT_FALSE(peer->done()) << challenge;
    }
}

struct ScramCase {
    const char* mechanism;
    ScramHash hash;
};

class Scram : public Sasl, public testing::WithParamInterface<ScramCase> { };

TEST_P(Scram, both_sides_prove_that_they_know_the_password)
{
    ScramServer server(GetParam().hash, "pencil");
    const auto scram = client(GetParam().mechanism);
    const auto first = scram->initial_response();
    ASSERT_TRUE(first && first->starts_with("n,,n=user,r="));
    const std::string final = scram->step(server.first(*first));
    EXPECT_THAT(final, HasSubstr("c=biws,r="));
    EXPECT_FALSE(scram->done()) << "the server has proved nothing yet";
    EXPECT_EQ(scram->step(server.last(final)), "");
    EXPECT_TRUE(server.client_proved());
    EXPECT_TRUE(scram->done());
}

TEST_P(Scram, a_server_that_does_not_know_the_password_is_an_impostor)
{
    ScramServer server(GetParam().hash, "pen");
    const auto scram = client(GetParam().mechanism);
    const auto first = scram->initial_response();
    const std::string final = scram->step(server.first(*first));
    const Error error = error_of([&] { static_cast<void>(scram->step(server.last(final))); });
    EXPECT_EQ(error.code(), Errc::auth);
    EXPECT_FALSE(server.client_proved());
    EXPECT_FALSE(scram->done());
}

TEST_P(Scram, a_server_that_changes_the_nonce_is_refused)
{
    ScramServer server(GetParam().hash, "pencil");
    const auto scram = client(GetParam().mechanism);
    std::string first = *scram->initial_response();
    first.replace(first.find(",r=") + 3, 4, "XXXX");
    EXPECT_EQ(
        error_of([&] { static_cast<void>(scram->step(server.first(first))); }).code(), Errc::auth);
}

TEST_P(Scram, a_server_that_asks_for_too_little_or_too_much_work_is_refused)
{
    for (const char* number :
         {"1", "4095", "+9000000", " 9000000", "x", "", "1000001", "4294967296",
          "99999999999999999999999"}) {
        const auto scram = client(GetParam().mechanism);
        const std::string first = *scram->initial_response();
        const auto nonce = first.substr(first.find(",r=") + 3);
        const std::string challenge = "r=" + nonce + "server,s=QSXCR+Q6sek8bf92,i=" + number;
        const Error error = error_of([&] { static_cast<void>(scram->step(challenge)); });
        EXPECT_EQ(error.code(), Errc::auth) << number;
        EXPECT_THAT(error.what(), HasSubstr("iterations")) << number;
    }
}

TEST_P(Scram, the_password_is_on_no_line)
{
    ScramServer server(GetParam().hash, "pencil");
    const auto scram = client(GetParam().mechanism);
    const std::string first = *scram->initial_response();
    EXPECT_THAT(first + scram->step(server.first(first)), Not(HasSubstr("pencil")));
}

INSTANTIATE_TEST_SUITE_P(
    Hashes, Scram,
    testing::Values(
        ScramCase {"SCRAM-SHA-1", ScramHash::sha_1},
        ScramCase {"SCRAM-SHA-256", ScramHash::sha_256}),
    [](const auto& instance) {
        return instance.param.hash == ScramHash::sha_1 ? "sha_1" : "sha_256";
    });

/// The server that the tests above trust, against the exchanges of RFC 5802 section 5 and RFC 7677
/// section 3.
TEST(ScramServer, agrees_with_the_known_exchanges)
{
    ScramServer sha_1(ScramHash::sha_1, "pencil");
    sha_1.use("3rfcNHYJY1ZVvWVs7j", "QSXCR+Q6sek8bf92");
    EXPECT_EQ(
        sha_1.first("n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL"),
        "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096");
    EXPECT_EQ(
        sha_1.last("c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,"
                   "p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts="),
        "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=");
    EXPECT_TRUE(sha_1.client_proved());

    ScramServer sha_256(ScramHash::sha_256, "pencil");
    sha_256.use("%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0", "W22ZaJ0SNY7soEsUEjb6gQ==");
    EXPECT_EQ(
        sha_256.first("n,,n=user,r=rOprNGfwEbeRWgbNEkqO"),
        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
    EXPECT_EQ(
        sha_256.last("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                     "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="),
        "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
    EXPECT_TRUE(sha_256.client_proved());
}

}  // namespace
}  // namespace offlineimap::imap
