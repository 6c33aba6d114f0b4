// SPDX-License-Identifier: Apache-2.0
#include "oauth_token.hpp"

#include "curl_handles.hpp"
#include "endpoint.hpp"
#include "text.hpp"
#include "wiped_text.hpp"

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
    return url.starts_with("https://") || url.starts_with("http://127.0.0.1:")
        || url.starts_with("http://localhost:");
}

std::string field(CURL* handle, std::string_view name, const std::string& value)
{
    const CurlText escaped(curl_easy_escape(handle, value.data(), static_cast<int>(value.size())));
    return joined("&", name, "=", escaped ? escaped.get() : "");
}

WipedText form(CURL* handle, const SaslRequest& request, Host& host)
{
    const Settings& settings = host.settings();
    std::string text = "grant_type=refresh_token";
    if (settings.has("oauth2_client_id"))
        text += field(handle, "client_id", settings.text("oauth2_client_id"));
    if (settings.has("oauth2_client_secret")) {
        const WipedText secret(host.secret("oauth2_client_secret", request.reason, false));
        text += field(handle, "client_secret", secret.value());
    }
    const WipedText token(host.secret("oauth2_refresh_token", request.reason, false));
    text += field(handle, "refresh_token", token.value());
    return WipedText(std::move(text));
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

std::string post(const std::string& url, const SaslRequest& request, Host& host)
{
    start_curl();
    const Curl curl(curl_easy_init());
    if (!curl) throw Error(Errc::internal, "start libcurl");
    CURL* handle = curl.get();
    const WipedText body = form(handle, request, host);
    const std::string proxy = proxy_from(host.settings());
    std::string answer;
    std::array<char, CURL_ERROR_SIZE> message {};
    set_option(handle, CURLOPT_URL, url.c_str());
    set_option(handle, CURLOPT_PROTOCOLS_STR, "https,http");
    set_option(handle, CURLOPT_PROXY, proxy.c_str());
    set_option(handle, CURLOPT_NOSIGNAL, 1L);
    set_option(handle, CURLOPT_TIMEOUT, seconds_to_answer);
    set_option(handle, CURLOPT_ERRORBUFFER, message.data());
    set_option(handle, CURLOPT_POSTFIELDS, body.value().c_str());
    set_option(handle, CURLOPT_WRITEFUNCTION, &collect);
    set_option(handle, CURLOPT_WRITEDATA, &answer);
    if (request.cancel) {
        set_option(handle, CURLOPT_NOPROGRESS, 0L);
        set_option(handle, CURLOPT_XFERINFOFUNCTION, &stop_when_cancelled);
        set_option(handle, CURLOPT_XFERINFODATA, request.cancel);
    }
    const CURLcode code = curl_easy_perform(handle);
    const std::string what = joined("ask ", url, " for an access token: ");
    if (code != CURLE_OK) throw error_of(code, what, message.data());
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

std::string refreshed_token(const SaslRequest& request, Host& host)
{
    const Settings& settings = host.settings();
    if (!settings.has("oauth2_request_url"))
        throw Error(Errc::config, "oauth2_refresh_token needs oauth2_request_url");
    const std::string url = settings.text("oauth2_request_url");
    if (!is_safe(url))
        throw Error(
            Errc::config,
            joined(settings.where("oauth2_request_url"), ": a refresh token goes to https only"));
    const auto answer = nlohmann::json::parse(post(url, request, host), nullptr, false);
    const std::string what = joined("ask ", url, " for an access token: ");
    if (!answer.is_object()) throw Error(Errc::protocol, joined(what, "the answer is no JSON"));
    std::string token = word(answer, "access_token");
    host.withhold(token);
    if (!token.empty()) return token;
    throw Error(
        Errc::auth,
        joined(
            what, "the server answered ", printable(word(answer, "error")), " ",
            printable(word(answer, "error_description"))));
}

}  // namespace

std::string access_token(const SaslRequest& request, Host& host)
{
    const bool can_refresh = host.settings().has("oauth2_refresh_token");
    if (can_refresh && (request.fresh || !host.settings().has("oauth2_access_token")))
        return refreshed_token(request, host);
    return host.secret("oauth2_access_token", request.reason, request.fresh);
}

}  // namespace offlineimap::imap
