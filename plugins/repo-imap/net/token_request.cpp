// SPDX-License-Identifier: Apache-2.0
#include "token_request.hpp"

#include "curl_handles.hpp"
#include "endpoint.hpp"
#include "text.hpp"
#include "wiped_text.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace offlineimap::imap {

namespace {

constexpr std::size_t answer_limit = 65'536;
constexpr long seconds_to_answer = 30;

/// Called by libcurl with a piece of the answer.
std::size_t collect(char* bytes, std::size_t, std::size_t size, void* answer) noexcept
{
    auto& text = *static_cast<std::string*>(answer);
    if (text.size() + size > answer_limit) return 0;
    try {
        text.append(bytes, size);
    } catch (...) {  // no memory: libcurl reports a write error
        return 0;
    }
    return size;
}

/// Called by libcurl at least once a second.
int stop_when_cancelled(void* cancel, curl_off_t, curl_off_t, curl_off_t, curl_off_t) noexcept
{
    return static_cast<const Cancel*>(cancel)->requested() ? 1 : 0;
}

/// The token's server may be a helper on this machine; elsewhere the refresh token needs TLS.
bool is_safe(std::string_view url)
{
    constexpr std::array<std::string_view, 4> beginnings {
        "https://", "http://127.0.0.1:", "http://[::1]:", "http://localhost:"};
    const auto authority = url.substr(0, url.find('/', url.find("//") + 2));
    return authority.find('@') == std::string_view::npos
        && std::any_of(beginnings.begin(), beginnings.end(), [url](std::string_view beginning) {
               return url.starts_with(beginning);
           });
}

std::string field(CURL* handle, std::string_view name, const std::string& value)
{
    const CurlText escaped(curl_easy_escape(handle, value.data(), static_cast<int>(value.size())));
    return joined("&", name, "=", escaped ? escaped.get() : "");
}

WipedText form(CURL* handle, const std::string& refresh_token, std::string_view reason, Host& host)
{
    const Settings& settings = host.settings();
    std::string text = "grant_type=refresh_token";
    if (settings.has("oauth2_client_id"))
        text += field(handle, "client_id", settings.text("oauth2_client_id"));
    if (settings.has("oauth2_client_secret")) {
        const WipedText secret(host.secret("oauth2_client_secret", reason, false));
        text += field(handle, "client_secret", secret.value());
    }
    text += field(handle, "refresh_token", refresh_token);
    return WipedText(std::move(text));
}

/// Some have a secret in the query.
std::string what_is_asked(std::string_view url)
{
    return joined("ask ", url.substr(0, url.find_first_of("?#")), " for an access token: ");
}

Error error_of(CURLcode code, const std::string& what, std::string_view message)
{
    if (code == CURLE_ABORTED_BY_CALLBACK) return {Errc::cancelled, "cancelled"};
    const std::string text =
        in_lower_case(message.empty() ? std::string_view(curl_easy_strerror(code)) : message);
    switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
        return {Errc::timeout, joined(what, "no answer in time")};
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
        return {Errc::tls, joined(what, text)};
    default:
        return {Errc::network, joined(what, text)};
    }
}

struct HttpAnswer {
    long status = 0;
    std::string body;
};

HttpAnswer post(
    const std::string& url, const WipedText& body, const std::string& proxy, const Cancel* cancel,
    CURL* handle)
{
    HttpAnswer answer;
    std::array<char, CURL_ERROR_SIZE> message {};
    set_option(handle, CURLOPT_URL, url.c_str());
    set_option(handle, CURLOPT_PROTOCOLS_STR, "https,http");
    set_option(handle, CURLOPT_PROXY, proxy.c_str());
    set_option(handle, CURLOPT_NOPROXY, "localhost,127.0.0.1,::1");  // these may go without TLS
    set_option(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set_option(handle, CURLOPT_NOSIGNAL, 1L);
    set_option(handle, CURLOPT_TIMEOUT, seconds_to_answer);
    set_option(handle, CURLOPT_ERRORBUFFER, message.data());
    set_option(handle, CURLOPT_POSTFIELDS, body.value().c_str());
    set_option(handle, CURLOPT_WRITEFUNCTION, &collect);
    set_option(handle, CURLOPT_WRITEDATA, &answer.body);
    if (cancel) {
        set_option(handle, CURLOPT_NOPROGRESS, 0L);
        set_option(handle, CURLOPT_XFERINFOFUNCTION, &stop_when_cancelled);
        set_option(handle, CURLOPT_XFERINFODATA, cancel);
    }
    const CURLcode code = curl_easy_perform(handle);
    if (code != CURLE_OK)
        throw error_of(code, what_is_asked(url), without_credentials(message.data(), proxy));
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &answer.status);
    return answer;
}

std::string printable(std::string text)
{
    for (char& c : text)
        if (c < ' ' || c > '~') c = '?';
    return text.substr(0, 300);
}

std::string word(const nlohmann::json& answer, const char* name)
{
    const auto found = answer.find(name);
    return found != answer.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// A token goes into SASL messages and into a file: nothing that could end it there.
std::string token_in(const nlohmann::json& answer, const char* name, const std::string& what)
{
    auto token = word(answer, name);
    if (std::any_of(token.begin(), token.end(), [](char c) { return c <= ' ' || c > '~'; }))
        throw Error(Errc::protocol, joined(what, "the ", name, " in the answer is none"));
    return token;
}

std::chrono::seconds validity_in(const nlohmann::json& answer)
{
    const auto found = answer.find("expires_in");
    if (found == answer.end() || !found->is_number()) return {};
    const auto seconds = found->get<double>();
    return std::chrono::seconds(seconds > 0 && seconds < 1e9 ? static_cast<long>(seconds) : 0);
}

/// RFC 6749 section 5.2; the last three are of section 4.1.2.1 and of servers in the wild.
Error refusal(const HttpAnswer& http, const nlohmann::json& answer, const std::string& what)
{
    const auto error = word(answer, "error");
    const bool is_temporary = http.status == 429 || http.status >= 500
        || error == "temporarily_unavailable" || error == "server_error" || error == "slow_down";
    std::string text = joined(
        what, "the server answered ", printable(error), " ",
        printable(word(answer, "error_description")));
    if (error.empty())
        text = joined(what, "the server answered HTTP ", std::to_string(http.status));
    while (text.ends_with(' '))
        text.pop_back();
    return {is_temporary ? Errc::unavailable : Errc::auth, text};
}

std::string proxy_for_tokens(const Settings& settings)
{
    return proxy_from(settings, settings.has("authproxy") ? "authproxy" : "proxy");
}

std::string request_url(const Settings& settings)
{
    if (!settings.has("oauth2_request_url"))
        throw Error(Errc::config, "oauth2_refresh_token needs oauth2_request_url");
    auto url = settings.text("oauth2_request_url");
    if (is_safe(url)) return url;
    throw Error(
        Errc::config,
        joined(settings.where("oauth2_request_url"), ": a refresh token goes to https only"));
}

}  // namespace

TokenGrant request_token(
    const std::string& refresh_token, std::string_view reason, Host& host, const Cancel* cancel)
{
    const auto url = request_url(host.settings());
    start_curl();
    const Curl curl(curl_easy_init());
    if (!curl) throw Error(Errc::internal, "start libcurl");
    const auto http = post(
        url, form(curl.get(), refresh_token, reason, host), proxy_for_tokens(host.settings()),
        cancel, curl.get());
    const auto what = what_is_asked(url);
    const auto answer = nlohmann::json::parse(http.body, nullptr, false);
    if (http.status >= 300) throw refusal(http, answer, what);
    if (!answer.is_object()) throw Error(Errc::protocol, joined(what, "the answer is no JSON"));
    TokenGrant grant {
        token_in(answer, "access_token", what), token_in(answer, "refresh_token", what),
        validity_in(answer)};
    host.withhold(grant.access_token);
    host.withhold(grant.refresh_token);
    if (grant.access_token.empty()) throw refusal(http, answer, what);
    return grant;
}

}  // namespace offlineimap::imap
