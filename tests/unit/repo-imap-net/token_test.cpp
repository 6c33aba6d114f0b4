// SPDX-License-Identifier: Apache-2.0
#include "fakes.hpp"
#include "net/token_keeper.hpp"
#include "tls_server.hpp"

#include <gmock/gmock.h>
#include <sys/socket.h>
#include <thread>

namespace offlineimap::imap {
namespace {

using namespace test;
using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::HasSubstr;
using testing::Not;

using Values = std::map<std::string, std::string, std::less<>>;

/// A token's server on loopback that serves one question after the other, and the host of one
/// account that knows it.
class OauthToken : public testing::Test {
protected:
    /// The next answer: what `action` gets when the server says `body`.
    template <class Action> std::string asked(const std::string& body, const Action& action)
    {
        question.clear();
        OneShotServer server([&](int socket) {
            while (question.find("refresh_token=") == std::string::npos) {
                std::array<char, 4096> space {};
                const auto size = recv(socket, space.data(), space.size(), 0);
                if (size <= 0) return;
                question.append(space.data(), static_cast<std::size_t>(size));
            }
            const std::string reply = "HTTP/1.1 " + status
                + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
            send(socket, reply.data(), reply.size(), MSG_NOSIGNAL);
        });
        host.set(
            "oauth2_request_url", "http://127.0.0.1:" + std::to_string(server.port()) + "/token");
        return action();
    }
    std::string token_for(Values settings, const std::string& body = "")
    {
        return asked(body, [&] {
            for (const auto& [name, value] : settings)
                host.set(name, value);
            return TokenUse(keeper, &cancel).current("");
        });
    }
    std::string current(const std::string& body)
    {
        return asked(body, [&] { return use.current(""); });
    }
    std::string another(const std::string& body)
    {
        return asked(body, [&] { return use.another(""); });
    }

    ScratchFolder folder;
    FakeHost host;
    FakeCancel cancel;
    TokenKeeper keeper {host};
    TokenUse use {keeper, &cancel};
    std::string status = "200 OK", question;
};

constexpr auto fresh_token = R"({"access_token": "new", "expires_in": 3599})";

TEST_F(OauthToken, a_configured_one_is_used_as_it_is)
{
    EXPECT_EQ(token_for({{"oauth2_access_token", "abc"}, {"oauth2_refresh_token", "def"}}), "abc");
    EXPECT_EQ(question, "");
}

TEST_F(OauthToken, is_fetched_with_the_refresh_token)
{
    EXPECT_EQ(
        token_for(
            {{"oauth2_refresh_token", "a&b"},
             {"oauth2_client_id", "me"},
             {"oauth2_client_secret", "s=1"}},
            fresh_token),
        "new");
    EXPECT_THAT(
        question,
        AllOf(
            HasSubstr("POST /token HTTP/1.1"),
            HasSubstr("grant_type=refresh_token&client_id=me&client_secret=s%3D1"
                      "&refresh_token=a%26b")));
    EXPECT_THAT(host.withheld, Contains("new"));
}

TEST_F(OauthToken, is_fetched_once_for_all_connections)
{
    host.set("oauth2_refresh_token", "def");
    EXPECT_EQ(current(fresh_token), "new");
    EXPECT_EQ(current(R"({"access_token": "newer"})"), "new");
    EXPECT_EQ(token_for({}, R"({"access_token": "newer"})"), "new");
    EXPECT_EQ(question, "");
}

TEST_F(OauthToken, is_fetched_once_by_connections_that_need_it_at_once)
{
    host.set("oauth2_refresh_token", "def");
    std::array<std::string, 8> tokens;
    (void)asked(fresh_token, [&] {
        std::vector<std::thread> threads;
        threads.reserve(tokens.size());
        for (auto& token : tokens)
            threads.emplace_back([&] { token = TokenUse(keeper, &cancel).current(""); });
        for (auto& thread : threads)
            thread.join();
        return "";
    });
    EXPECT_THAT(tokens, Each("new"));
}

TEST_F(OauthToken, a_refused_one_is_replaced_once)
{
    host.set("oauth2_access_token", "abc");
    host.set("oauth2_refresh_token", "def");
    TokenUse other(keeper, &cancel);
    EXPECT_EQ(current(""), "abc");
    EXPECT_EQ(other.current(""), "abc");
    EXPECT_EQ(another(fresh_token), "new");
    EXPECT_EQ(asked("", [&] { return other.another(""); }), "new") << "fetched by the other";
    EXPECT_EQ(question, "");
    const Error error = error_of([&] { another(fresh_token); });
    EXPECT_EQ(error.code(), Errc::auth);
    EXPECT_THAT(error.what(), HasSubstr("just been fetched"));
    EXPECT_EQ(question, "");
}

TEST_F(OauthToken, a_refused_one_is_not_given_to_others)
{
    host.set("oauth2_access_token", "abc");
    host.set("oauth2_refresh_token", "def");
    EXPECT_EQ(current(""), "abc");
    status = "503 Busy";
    EXPECT_EQ(error_of([&] { another("<html>"); }).code(), Errc::unavailable);
    status = "200 OK";
    TokenUse other(keeper, &cancel);
    EXPECT_EQ(asked(fresh_token, [&] { return other.current(""); }), "new");
}

TEST_F(OauthToken, a_secret_in_the_address_is_not_told)
{
    host.set("oauth2_refresh_token", "def");
    host.set("oauth2_request_url", "http://127.0.0.1:1/token?key=hush");
    const Error error = error_of([&] { use.current(""); });
    EXPECT_EQ(error.code(), Errc::network);
    EXPECT_THAT(error.what(), AllOf(HasSubstr("127.0.0.1:1/token"), Not(HasSubstr("hush"))));
}

TEST_F(OauthToken, does_not_go_through_a_proxy_without_tls)
{
    host.set("proxy", "HTTP:127.0.0.1:1");
    host.set("oauth2_refresh_token", "def");
    EXPECT_EQ(current(fresh_token), "new");
}

TEST_F(OauthToken, a_replaced_refresh_token_is_kept_for_the_next_run)
{
    host.folder = folder.path();
    host.set("oauth2_refresh_token", "def");
    EXPECT_EQ(
        current(R"({"access_token": "one", "refresh_token": "ghi", "expires_in": 0})"), "one");
    EXPECT_THAT(host.withheld, Contains("ghi"));
    const auto file = folder.path() / "oauth2_refresh_token";
    EXPECT_EQ(
        std::filesystem::status(file).permissions(),
        std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);

    TokenKeeper next(host);
    EXPECT_EQ(
        asked(R"({"access_token": "two"})", [&] { return TokenUse(next, &cancel).current(""); }),
        "two");
    EXPECT_THAT(question, HasSubstr("refresh_token=ghi"));

    host.set("oauth2_refresh_token", "configured anew");
    TokenKeeper later(host);
    asked(R"({"access_token": "three"})", [&] { return TokenUse(later, &cancel).current(""); });
    EXPECT_THAT(question, HasSubstr("refresh_token=configured%20anew"));
}

TEST_F(OauthToken, a_refresh_token_that_cannot_be_kept_is_said_so)
{
    host.set("oauth2_refresh_token", "def");
    EXPECT_EQ(current(R"({"access_token": "one", "refresh_token": "ghi"})"), "one");
    EXPECT_THAT(host.lines, Contains(AllOf(HasSubstr("cannot be kept"), Not(HasSubstr("ghi")))));
}

TEST_F(OauthToken, a_refusal_is_told_in_the_servers_words)
{
    status = "400 Bad Request";
    const Error error = error_of([&] {
        token_for(
            {{"oauth2_refresh_token", "def"}},
            R"({"error": "invalid_grant", "error_description": "Token has been revoked.\u001b"})");
    });
    EXPECT_EQ(error.code(), Errc::auth);
    EXPECT_THAT(
        error.what(),
        AllOf(HasSubstr("answered invalid_grant Token has been revoked.?"), Not(HasSubstr("def"))));
}

TEST_F(OauthToken, trouble_of_the_server_is_temporary)
{
    for (const char* line : {"503 Busy", "429 Slow down", "500 Oh"}) {
        status = line;
        const Error error = error_of([&] {
            token_for({{"oauth2_refresh_token", "def"}}, "<html>");
        });
        EXPECT_EQ(error.code(), Errc::unavailable) << line;
        EXPECT_THAT(error.what(), HasSubstr("HTTP " + std::string(line, 3)));
    }
}

TEST_F(OauthToken, nonsense_is_an_error)
{
    for (const char* body :
         {"<html>", "[]", R"({"access_token": "a\u0001b"})", R"({"access_token": "a\nb"})",
          R"({"access_token": "a", "refresh_token": "x\ny"})"}) {
        const Error error = error_of([&] { token_for({{"oauth2_refresh_token", "def"}}, body); });
        EXPECT_EQ(error.code(), Errc::protocol) << body;
    }
    EXPECT_EQ(
        error_of([&] {
            token_for({{"oauth2_refresh_token", "def"}}, R"({"access_token": 7})");
        }).code(),
        Errc::auth);
}

TEST_F(OauthToken, a_refresh_token_is_not_sent_in_the_clear)
{
    host.set("oauth2_refresh_token", "def");
    for (const char* url :
         {"http://example.invalid/", "http://localhost:1@example.invalid/", "ftp://localhost:1/",
          "http://localhost.example.invalid/"}) {
        host.set("oauth2_request_url", url);
        const Error error = error_of([&] { use.current(""); });
        EXPECT_EQ(error.code(), Errc::config) << url;
        EXPECT_THAT(error.what(), HasSubstr("https only"));
    }
}

TEST_F(OauthToken, a_cancel_ends_the_request)
{
    cancel.pull();
    EXPECT_EQ(
        error_of([&] {
            token_for({{"oauth2_refresh_token", "def"}}, fresh_token);
        }).code(),
        Errc::cancelled);
}

}  // namespace
}  // namespace offlineimap::imap
