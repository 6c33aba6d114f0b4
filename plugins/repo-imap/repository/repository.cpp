// SPDX-License-Identifier: Apache-2.0
#include "repository.hpp"

#include "net/connect.hpp"
#include "net/sasl.hpp"
#include "session.hpp"

#include <algorithm>

namespace offlineimap::imap {

namespace {

/// A slip of the pen must not lead to a weaker mechanism.
void check_mechanisms(const Settings& settings, const std::vector<std::string>& names)
{
    for (const auto& name : names)
        if (!is_known_mechanism(name))
            throw Error(
                Errc::config,
                settings.where("auth_mechanisms") + ": auth_mechanisms: \"" + name
                    + "\" is not known here; there are " + known_mechanisms());
}

Account account_from(const Settings& settings)
{
    Account account;
    account.endpoint = endpoint_from(settings);
    account.user = settings.text("remoteuser");
    account.identity = settings.text("remote_identity");
    account.mechanisms = settings.list("auth_mechanisms");
    check_mechanisms(settings, account.mechanisms);
    account.hidden_capabilities = settings.list("disable_extensions");
    return account;
}

bool has_tokens(const Settings& settings)
{
    return settings.has("oauth2_access_token") || settings.has("oauth2_refresh_token");
}

NameStyle name_style(const Settings& settings)
{
    const bool utf8 = settings.flag("utf8foldernames");
    const bool decoded = settings.flag("decodefoldernames");
    if (utf8 && decoded)
        throw Error(
            Errc::config,
            settings.where("decodefoldernames")
                + ": decodefoldernames: utf8foldernames is set, too, and does the same in both "
                  "directions; remove this one");
    return utf8 || decoded ? NameStyle::utf8 : NameStyle::wire;
}

/// The original sends the option as it is written, so that people write it as the wire wants it.
std::string unquoted(std::string text)
{
    if (text.size() < 2 || !text.starts_with('"') || !text.ends_with('"')) return text;
    return text.substr(1, text.size() - 2);
}

Preferences preferences_from(const Settings& settings)
{
    Preferences preferences;
    preferences.reference = unquoted(settings.text("reference"));
    preferences.includes = settings.list("folderincludes");
    preferences.name_style = name_style(settings);
    if (settings.flag("trust_status")) preferences.status_answers = StatusAnswers::trusted;
    if (!settings.flag("expunge")) preferences.expunge = Expunge::no;
    if (settings.flag("subscribedonly")) preferences.subscription = Subscription::subscribed_only;
    if (settings.flag("synclabels")) preferences.labels = Labels::synchronise;
    if (settings.flag("usenamespace")) preferences.prefix = Prefix::leave_away;
    if (const auto keep_alive = settings.number("keepalive"); keep_alive > 0)
        preferences.say_something = std::min<std::chrono::milliseconds>(
            preferences.say_something, std::chrono::seconds(keep_alive));
    if (settings.flag("usecompression")) preferences.compression = Compression::on;
    return preferences;
}

unsigned connections(const Settings& settings)
{
    constexpr auto option = "maxconnections";
    const auto count = settings.number(option);
    if (count < 1 || count > 100)
        throw Error(
            Errc::config,
            settings.where(option) + ": " + option + ": expected a number from 1 to 100");
    return static_cast<unsigned>(count);
}

}  // namespace

ImapRepository::ImapRepository(Host& host)
    : host_(host)
    , tokens_(host)
    , account_(account_from(host.settings()))
    , preferences_(preferences_from(host.settings()))
    , max_sessions_(connections(host.settings()))
{
    if (has_tokens(host.settings())) account_.tokens = &tokens_;
}

std::unique_ptr<Session> ImapRepository::connect(const Cancel& cancel)
{
    auto stream = imap::connect(account_.endpoint, cancel, host_);
    warn_if_in_the_clear(*stream);
    return std::make_unique<ImapSession>(
        sign_in(std::move(stream), account_, host_, &cancel), folders_, preferences_);
}

void ImapRepository::warn_if_in_the_clear(const Stream& stream)
{
    const auto& endpoint = account_.endpoint;
    if (endpoint.security != Security::none || !endpoint.tunnel.empty() || stream.loopback())
        return;
    std::call_once(warned_, [&] {
        host_.log(
            Level::warning,
            endpoint.name() + ": neither password nor mail is encrypted (ssl = no, starttls = no)");
    });
}

}  // namespace offlineimap::imap
