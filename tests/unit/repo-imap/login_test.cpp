// SPDX-License-Identifier: Apache-2.0
#include "session/login.hpp"

#include "fake_server.hpp"
#include "session_kit.hpp"

#include <gmock/gmock.h>

namespace offlineimap::imap::test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

namespace {

class Login : public ::testing::Test {
protected:
    Login()
    {
        account.endpoint.host = "imap.example.org";
        account.endpoint.security = Security::tls;
        account.user = "joe";
        account.mechanisms = {"LOGIN"};
        server.encrypted = true;
        host.debug = true;
    }
    std::unique_ptr<Connection> sign_in() { return imap::sign_in(server.stream(), account, host); }
    Error refusal_of_sign_in()
    {
        try {
            (void)sign_in();
        } catch (const Error& error) {
            return error;
        }
        return {Errc::internal, "signed in"};
    }

    FakeServer server;
    KitHost host;
    Account account;
};

/// The answer to a command.
std::string joined(const char* answer)
{
    return std::string("%T ") + answer + "\r\n";
}

constexpr auto login = "LOGIN \"joe\" \"pw\"";

}  // namespace

TEST_F(Login, takes_one_turn_where_the_server_tells_what_it_can)
{
    server.says("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi\r\n")
        .on(login, "%T OK [CAPABILITY IMAP4rev1 UIDPLUS] in\r\n");
    const auto connection = sign_in();
    EXPECT_TRUE(connection->has("UIDPLUS"));
    EXPECT_THAT(server.heard, ElementsAre(login));
    EXPECT_EQ(server.turns, 1U);
}

TEST_F(Login, asks_for_capabilities_that_were_not_told)
{
    server.says("* OK hi\r\n")
        .on("CAPABILITY", "* CAPABILITY IMAP4rev1\r\n%T OK\r\n")
        .on("CAPABILITY", "* CAPABILITY IMAP4rev1 MOVE\r\n%T OK\r\n")
        .on(login, "%T OK in\r\n");
    const auto connection = sign_in();
    EXPECT_TRUE(connection->has("MOVE"));
    EXPECT_THAT(server.heard, ElementsAre("CAPABILITY", login, "CAPABILITY"));
}

TEST_F(Login, reads_capabilities_in_an_untagged_answer)
{
    server.says("* OK [CAPABILITY IMAP4rev1] hi\r\n")
        .on(login, "* CAPABILITY IMAP4rev1 MOVE\r\n%T OK in\r\n");
    EXPECT_TRUE(sign_in()->has("MOVE"));
    EXPECT_THAT(server.heard, ElementsAre(login, "LOGOUT"));
}

TEST_F(Login, says_what_the_server_said)
{
    server.says("* OK [CAPABILITY IMAP4rev1] hi\r\n")
        .on(login, "%T NO [AUTHENTICATIONFAILED] wrong\x1b[2J\r\n");
    const auto error = refusal_of_sign_in();
    EXPECT_EQ(error.code(), Errc::auth);
    EXPECT_EQ(error.retry(), Retry::never);
    EXPECT_STREQ(
        error.what(),
        "sign in to imap.example.org as joe: server answered NO [AUTHENTICATIONFAILED] wrong [2J");
}

TEST_F(Login, does_not_offer_a_refused_password_again)
{
    host.passwords = {"pw", "better"};
    server.says("* OK [CAPABILITY IMAP4rev1] hi\r\n")
        .on(login, "%T NO wrong\r\n")
        .on("LOGIN \"joe\" \"better\"", "%T OK [CAPABILITY IMAP4rev1] in\r\n");
    (void)sign_in();
    EXPECT_EQ(std::count(server.heard.begin(), server.heard.end(), login), 1);
}

TEST_F(Login, does_not_ask_for_a_password_when_the_server_is_out_of_order)
{
    host.passwords = {"pw", "better"};
    server.says("* OK [CAPABILITY IMAP4rev1] hi\r\n").on(login, "%T NO [UNAVAILABLE] later\r\n");
    const auto error = refusal_of_sign_in();
    EXPECT_EQ(error.code(), Errc::unavailable);
    EXPECT_EQ(error.retry(), Retry::later);
    EXPECT_FALSE(server.has_heard("better"));
}

TEST_F(Login, trouble_of_the_server_is_no_wrong_password)
{
    for (const char* code : {"UNAVAILABLE", "CONTACTADMIN", "SERVERBUG", "LIMIT", "INUSE"}) {
        for (const char* status : {"NO", "BAD"}) {
            server = FakeServer();
            server.encrypted = true;
            host.passwords = {"pw", "better"};
            server.says("* OK [CAPABILITY IMAP4rev1] hi\r\n")
                .on(login, std::string("%T ") + status + " [" + code + "] later\r\n");
            const auto error = refusal_of_sign_in();
            EXPECT_EQ(error.code(), Errc::unavailable) << code;
            EXPECT_EQ(error.scope(), Scope::repository) << code;
            EXPECT_EQ(error.retry(), Retry::later) << code;
            EXPECT_FALSE(server.has_heard("better")) << code;
        }
    }
}

TEST_F(Login, takes_a_refusal_with_a_goodbye_for_a_refusal)
{
    server.says("* OK [CAPABILITY IMAP4rev1] hi\r\n")
        .on(login, "%T NO [AUTHENTICATIONFAILED] wrong\r\n* BYE too many failures\r\n");
    const auto error = refusal_of_sign_in();
    EXPECT_EQ(error.code(), Errc::auth);
    EXPECT_THAT(error.what(), HasSubstr("wrong"));
}

TEST_F(Login, tries_nothing_else_where_the_server_knows_the_user)
{
    account.mechanisms = {};
    for (const char* code : {"EXPIRED", "AUTHORIZATIONFAILED"}) {
        server = FakeServer();
        server.encrypted = true;
        server.says("* OK [CAPABILITY IMAP4rev1 AUTH=CRAM-MD5 AUTH=PLAIN] hi\r\n")
            .on("AUTHENTICATE CRAM-MD5", std::string("%T NO [") + code + "] so it is\r\n");
        EXPECT_EQ(refusal_of_sign_in().code(), Errc::auth) << code;
        EXPECT_FALSE(server.has_heard("PLAIN")) << code;
    }
}

TEST_F(Login, takes_no_refusal_for_one_of_the_password_when_there_are_too_many_of_us)
{
    for (const auto* answer :
         {"NO [LIMIT] Maximum number of connections from user+IP exceeded",
          "NO [ALERT] Too many simultaneous connections. (Failure)", "NO [INUSE] mailbox is locked",
          "NO [THROTTLED] slowly"}) {
        server = FakeServer();
        server.encrypted = true;
        host.passwords = {"pw", "better"};
        server.says("* OK [CAPABILITY IMAP4rev1] hi\r\n").on(login, joined(answer));
        const auto error = refusal_of_sign_in();
        EXPECT_EQ(error.code(), Errc::unavailable) << answer;
        EXPECT_EQ(error.scope(), Scope::repository);
        EXPECT_EQ(error.retry(), Retry::later);
        EXPECT_FALSE(server.has_heard("better"));
    }
}

TEST_F(Login, still_knows_a_refused_password_that_was_tried_too_often)
{
    server.says("* OK [CAPABILITY IMAP4rev1] hi\r\n")
        .on(login, "%T NO [AUTHENTICATIONFAILED] too many attempts, connection limit\r\n");
    EXPECT_EQ(refusal_of_sign_in().code(), Errc::auth);
}

TEST_F(Login, waits_where_the_greeting_says_that_there_are_too_many_of_us)
{
    for (const auto* greeting :
         {"* BYE Too many connections from your address", "* BYE [UNAVAILABLE] later",
          "* NO [LIMIT] not now", "* BYE [ALERT] Maximum connection limit reached"}) {
        server = FakeServer();
        server.says(std::string(greeting) + "\r\n");
        const auto error = refusal_of_sign_in();
        EXPECT_EQ(error.code(), Errc::unavailable) << greeting;
        EXPECT_EQ(error.retry(), Retry::later);
    }
}

TEST_F(Login, keeps_the_password_out_of_the_log)
{
    host.passwords = {"top secret"};
    server.says("* OK [CAPABILITY IMAP4rev1 LITERAL+] hi\r\n");
    EXPECT_THAT(refusal_of_sign_in().what(), Not(HasSubstr("secret")));
    EXPECT_THAT(host.whole_log(), HasSubstr("C: A1 LOGIN"));
    EXPECT_THAT(host.whole_log(), Not(HasSubstr("secret")));
    EXPECT_TRUE(server.has_heard("secret"));
}

TEST_F(Login, uses_plain_with_an_initial_response)
{
    account.mechanisms = {"PLAIN"};
    server.says("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] hi\r\n")
        .on("AUTHENTICATE PLAIN AGpvZQBwdw==", "%T OK [CAPABILITY IMAP4rev1] in\r\n");
    const auto connection = sign_in();
    EXPECT_EQ(server.turns, 1U);
    EXPECT_THAT(host.whole_log(), Not(HasSubstr("AGpvZQBwdw")));
}

TEST_F(Login, uses_plain_without_an_initial_response)
{
    account.mechanisms = {"PLAIN"};
    server.says("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi\r\n")
        .on("AUTHENTICATE PLAIN", "+ \r\n")
        .on_line("AGpvZQBwdw==", "%T OK [CAPABILITY IMAP4rev1] in\r\n");
    (void)sign_in();
    EXPECT_THAT(server.heard, ElementsAre("AUTHENTICATE PLAIN", "AGpvZQBwdw==", "LOGOUT"));
    EXPECT_THAT(host.whole_log(), Not(HasSubstr("AGpvZQBwdw")));
}

TEST_F(Login, tries_a_plain_mechanism_after_a_challenge_that_cannot_work)
{
    account.mechanisms = {};
    server.says("* OK [CAPABILITY IMAP4rev1 AUTH=CRAM-MD5 AUTH=PLAIN SASL-IR] hi\r\n")
        .on("AUTHENTICATE CRAM-MD5", "+ PDFAeD4=\r\n")
        .on_line("am9lIDllNTIxZWVlZDQ3MjE2MjIxZTc1ZjQ0ZDNmOTI0YTEw", "%T NO no such\r\n");
    (void)refusal_of_sign_in();
    EXPECT_TRUE(server.has_heard("AUTHENTICATE CRAM-MD5"));
}

TEST_F(Login, sends_nothing_secret_in_the_clear)
{
    account.endpoint.security = Security::starttls;
    server.encrypted = false;
    server.says("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi\r\n");
    const auto error = refusal_of_sign_in();
    EXPECT_EQ(error.code(), Errc::tls);
    EXPECT_THAT(error.what(), HasSubstr("STARTTLS"));
    EXPECT_FALSE(server.has_heard("pw"));
}

TEST_F(Login, refuses_what_comes_behind_the_answer_to_starttls)
{
    account.endpoint.security = Security::starttls;
    server.encrypted = false;
    for (const auto* injected : {"* CAPABILITY IMAP4rev1\r\n", "* OK", "A2 OK x\r\n", "* X\r\n"}) {
        server = FakeServer();
        server.says("* OK [CAPABILITY IMAP4rev1 STARTTLS] hi\r\n")
            .on("STARTTLS", std::string("%T OK go\r\n") + injected);
        const auto error = refusal_of_sign_in();
        EXPECT_EQ(error.code(), Errc::tls) << injected;
    }
}

TEST_F(Login, refuses_preauth_in_the_clear)
{
    account.endpoint.security = Security::starttls;
    server.encrypted = false;
    server.says("* PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] come in\r\n");
    EXPECT_EQ(refusal_of_sign_in().code(), Errc::tls);
}

TEST_F(Login, needs_no_password_where_a_tunnel_signs_in)
{
    account.endpoint.security = Security::none;
    account.endpoint.preauthenticated = true;
    server.says("* PREAUTH [CAPABILITY IMAP4rev1 MOVE] come in\r\n");
    EXPECT_TRUE(sign_in()->has("MOVE"));
    server = FakeServer();
    server.says("* OK [CAPABILITY IMAP4rev1] who are you\r\n");
    EXPECT_EQ(refusal_of_sign_in().code(), Errc::auth);
}

TEST_F(Login, tells_why_the_server_does_not_want_us)
{
    server.says("* BYE [UNAVAILABLE] maintenance\r\n");
    const auto error = refusal_of_sign_in();
    EXPECT_EQ(error.code(), Errc::unavailable);
    EXPECT_THAT(error.what(), HasSubstr("maintenance"));
    server = FakeServer();
    server.says("* BYE too many\r\n");
    EXPECT_EQ(refusal_of_sign_in().code(), Errc::network);
}

TEST_F(Login, refuses_a_mechanism_the_server_forbids)
{
    server.says("* OK [CAPABILITY IMAP4rev1 LOGINDISABLED] hi\r\n");
    EXPECT_EQ(refusal_of_sign_in().code(), Errc::auth);
    EXPECT_FALSE(server.has_heard("pw"));
}

}  // namespace offlineimap::imap::test
