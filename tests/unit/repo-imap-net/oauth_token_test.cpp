// SPDX-License-Identifier: Apache-2.0
#include "fakes.hpp"
#include "net/oauth_token.hpp"
#include "tls_server.hpp"

#include <gmock/gmock.h>
#include <sys/socket.h>

namespace offlineimap::imap {
namespace {

using namespace test;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class OauthToken : public testing::Test {
protected:
    /// What becomes of the settings when the token's server answers with `body`.
    std::string token_for(std::map<std::string, std::string, std::less<>> settings)
    {
        OneShotServer server([this](int socket) {
            std::string& seen = question;
            while (seen.find("refresh_token=") == std::string::npos) {
                std::array<char, 4096> space {};
                const auto size = recv(socket, space.data(), space.size(), 0);
                if (size <= 0) return;
                seen.append(space.data(), static_cast<std::size_t>(size));
            }
            const std::string reply = "HTTP/1.1 " + status
                + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
            send(socket, reply.data(), reply.size(), MSG_NOSIGNAL);
        });
        const std::string url = "http://127.0.0.1:" + std::to_string(server.port()) + "/token";
        settings.try_emplace("oauth2_request_url", url);
        FakeHost host(std::move(settings));
        return access_token(request, host);
    }

    SaslRequest request;
    std::string status = "200 OK", body, question;
};

TEST_F(OauthToken, a_configured_one_is_used_as_it_is)
{
    EXPECT_EQ(token_for({{"oauth2_access_token", "abc"}, {"oauth2_refresh_token", "def"}}), "abc");
    EXPECT_EQ(question, "");
}

TEST_F(OauthToken, is_fetched_with_the_refresh_token)
{
    body = R"({"access_token": "new", "expires_in": 3599})";
    EXPECT_EQ(
        token_for(
            {{"oauth2_refresh_token", "a&b"},
             {"oauth2_client_id", "me"},
             {"oauth2_client_secret", "s=1"}}),
        "new");
    EXPECT_THAT(
        question,
        AllOf(
            HasSubstr("POST /token HTTP/1.1"),
            HasSubstr("grant_type=refresh_token&client_id=me&client_secret=s%3D1"
                      "&refresh_token=a%26b")));
}

TEST_F(OauthToken, a_refused_one_is_replaced)
{
    request.fresh = true;
    body = R"({"access_token": "new"})";
    EXPECT_EQ(token_for({{"oauth2_access_token", "abc"}, {"oauth2_refresh_token", "def"}}), "new");
}

TEST_F(OauthToken, a_refusal_is_told_in_the_servers_words)
{
    status = "400 Bad Request";
    body = R"({"error": "invalid_grant", "error_description": "Token has been revoked.\u001b"})";
    const Error error = error_of([&] { token_for({{"oauth2_refresh_token", "def"}}); });
    EXPECT_EQ(error.code(), Errc::auth);
    EXPECT_THAT(
        error.what(),
        AllOf(HasSubstr("answered invalid_grant Token has been revoked.?"), Not(HasSubstr("def"))));
}

TEST_F(OauthToken, nonsense_is_an_error)
{
    body = "<html>";
    const Error error = error_of([&] { token_for({{"oauth2_refresh_token", "def"}}); });
    EXPECT_EQ(error.code(), Errc::protocol);
}

TEST_F(OauthToken, a_refresh_token_is_not_sent_in_the_clear)
{
    const Error error = error_of([&] {
        token_for(
            {{"oauth2_refresh_token", "def"}, {"oauth2_request_url", "http://example.invalid/"}});
    });
    EXPECT_EQ(error.code(), Errc::config);
    EXPECT_THAT(error.what(), HasSubstr("https only"));
}

TEST_F(OauthToken, a_cancel_ends_the_request)
{
    FakeCancel cancel;
    cancel.pull();
    request.cancel = &cancel;
    body = R"({"access_token": "new"})";
    EXPECT_EQ(
        error_of([&] {
            token_for({{"oauth2_refresh_token", "def"}});
        }).code(),
        Errc::cancelled);
}

}  // namespace
}  // namespace offlineimap::imap
