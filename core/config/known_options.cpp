// SPDX-License-Identifier: Apache-2.0
#include "known_options.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace offlineimap::core {

namespace {

using enum OptionType;

constexpr Option general_options[] {
    {"accounts", list, nullptr, "the accounts to synchronise"},
    {"metadata", path, "~/.offlineimap", "where the state of the last synchronisation is kept"},
    {"maxsyncaccounts", number, "1", "how many accounts are synchronised at the same time"},
    {"ui", list, "ttyui", "user interfaces; the first that can work here is used"},
    {"ignore-readonly", flag, "no", "say nothing about folders that cannot be changed"},
    {"pythonfile", path, "", "a Python file with the functions that expressions call"},
    {"socktimeout", seconds, "60", "how long a server may be silent"},
    {"fsync", flag, "yes", "flush to disk what must survive a power failure"},
    {"status_backend", text, "sqlite", "what keeps the state of accounts that do not say it"},
    {"dry-run", flag, "no", "only say what would be done"},
    {"ignore-keyring", flag, "no", "do not ask the desktop's keyring for passwords"},
    {"update-keyring", flag, "no", "store the password that worked in the keyring"},
    {"plugin-path", list, "", "folders to look for plugins in, before all others"},
    {"filename_use_mail_timestamp", flag, "no", "name Maildir files by the date of the message"},
    {"utime_from_header", flag, "no", "give Maildir files the time of the message"},
};

constexpr Option mbnames_options[] {
    {"enabled", flag, "no", "write the list of folders"},
    {"filename", path, nullptr, "the file to write"},
    {"header", text, nullptr, "what stands before the first folder"},
    {"peritem", text, nullptr,
     "one folder, with %(accountname)s, %(foldername)s and %(localfolders)s"},
    {"sep", text, nullptr, "what stands between two folders"},
    {"footer", text, nullptr, "what stands after the last folder"},
    {"incremental", flag, "no", "write after each account, not once at the end"},
};

constexpr Option account_options[] {
    {"localrepository", text, nullptr, "the repository on this side"},
    {"remoterepository", text, nullptr, "the repository on the other side"},
    {"autorefresh", text, "0", "minutes between two runs; 0 = one run"},
    {"quick", number, "0", "quick runs after each full one; negative = always quick"},
    {"presynchook", text, "", "a command to run before each synchronisation"},
    {"postsynchook", text, "", "a command to run after each synchronisation"},
    {"maxsize", size, "", "leave larger messages alone"},
    {"maxage", text, "", "leave older messages alone: days, or YYYY-MM-DD"},
    {"status_backend", text, "sqlite", "what keeps the state: sqlite, plain, lmdb"},
    {"max_deletes", text, "50%",
     "most messages a run may remove from a folder: 50%, 100, unlimited"},
    {"maildir-windows-compatible", flag, "no", "write \"!\" for \":\" in Maildir file names"},
    {"synclabels", flag, "no", "synchronise Gmail's labels"},
    {"labelsheader", text, "X-Keywords", "the header that holds the labels"},
    {"ignorelabels", list, "", "labels to leave alone"},
    {"filterheaders", list, "", "headers to leave out of messages that are uploaded"},
    {"proxy", text, "", "TYPE:host:port with SOCKS5, SOCKS4 or HTTP"},
    {"authproxy", text, "", "the same for OAuth2 requests alone"},
    {"utf8foldernames", flag, "no", "names of local folders are UTF-8"},
};

constexpr Option repository_options[] {
    {"type", text, nullptr, "the kind of repository: IMAP, Gmail, Maildir, ..."},
    {"createfolders", flag, "yes", "folders may be created here"},
    {"readonly", flag, "no", "nothing is changed here"},
    {"sync_deletes", flag, "yes", "what is deleted here is deleted on the other side"},
    {"dynamic_folderfilter", flag, "no", "ask the folder filter each time anew"},
    {"startdate", text, "", "leave messages from before YYYY-MM-DD alone"},
    {"max_deletes", text, "", "as the account's, for what is removed here"},
    {"trash", text, "", "the folder that takes what a run removes here"},
    {"folders.include", list, "", "names and patterns of the folders to synchronise"},
    {"folders.exclude", list, "", "names and patterns of the folders not to synchronise"},
};

using enum SectionKind;

constexpr ExpressionOption all_expressions[] {
    {repository, "nametrans", "", "name here -> name on the other side"},
    {repository, "folderfilter", "", "name here -> whether to synchronise it"},
    {repository, "folderincludes", "", "names that pass the filter in any case"},
    {repository, "foldersort", "", "compares two names -> which folder comes first"},
    {repository, "idlefolders", "", "folders to watch between two runs"},
    {repository, "newmail_hook", "", "called when new messages came into INBOX"},
    {repository, "copy_ignore_eval", "", "folder -> UIDs that are not copied"},
    {repository, "remotehosteval", "remotehost", "the server"},
    {repository, "remoteporteval", "remoteport", "its port"},
    {repository, "remoteusereval", "remoteuser", "the user"},
    {repository, "remotepasseval", "remotepass", "the password"},
    {repository, "oauth2_client_id_eval", "oauth2_client_id", "the OAuth2 client", false},
    {repository, "oauth2_client_secret_eval", "oauth2_client_secret", "the client's secret", false},
    {repository, "oauth2_refresh_token_eval", "oauth2_refresh_token", "the refresh token", false},
    {repository, "oauth2_access_token_eval", "oauth2_access_token", "the access token", false},
    {mbnames, "header", "", "what stands before the first folder"},
    {mbnames, "sep", "", "what stands between two folders"},
    {mbnames, "footer", "", "what stands after the last folder"},
    {mbnames, "folderfilter", "", "account, folder -> whether it is written"},
    {mbnames, "sort_keyfunc", "", "entry -> what to sort it by"},
};

constexpr std::string_view all_retired[] {
    "skipsleep",  // the original's own notes in [general]
    "trashfolder", "spamfolder", "realdelete", "decodefoldernames", "singlethreadperfolder",
    "sep",  // of an IMAP repository: the server says it
};

void add_names(std::span<const Option> options, std::vector<std::string>& names)
{
    for (const auto& option : options) {
        names.emplace_back(option.name);
        if (option.type != OptionType::secret) continue;
        for (auto& secret : secret_options(option.name))
            names.push_back(std::move(secret.name));
    }
}

}  // namespace

std::span<const Option> core_options(SectionKind kind) noexcept
{
    switch (kind) {
    case general:
        return general_options;
    case mbnames:
        return mbnames_options;
    case account:
        return account_options;
    case repository:
        return repository_options;
    }
    return {};
}

std::span<const ExpressionOption> expression_options() noexcept
{
    return all_expressions;
}

const ExpressionOption*
find_expression_option(SectionKind section, std::string_view option) noexcept
{
    const auto* const found = std::ranges::find_if(all_expressions, [&](const auto& expression) {
        return expression.section == section && expression.name == option;
    });
    return found == std::end(all_expressions) ? nullptr : found;
}

const ExpressionOption* find_expression_for(std::string_view option) noexcept
{
    const auto* const found =
        std::ranges::find_if(all_expressions, [&](const ExpressionOption& expression) {
            return expression.yields == option;
        });
    return found == std::end(all_expressions) ? nullptr : found;
}

std::vector<SecretOption> secret_options(std::string_view option)
{
    const std::string name(option);
    std::vector<SecretOption> options {
        {name, SecretForm::text},
        {name + ".command", SecretForm::command},
        {name + "file", SecretForm::file},
        {name + ".file", SecretForm::file},
        {name + ".netrc", SecretForm::netrc},
        {name + ".keyring", SecretForm::keyring},
        {name + ".prompt", SecretForm::prompt}};
    if (const auto* expression = find_expression_for(option)) {
        const auto at = options.begin() + (expression->wins_over_plain ? 0 : 1);
        options.insert(at, {expression->name, SecretForm::expression});
    }
    return options;
}

std::span<const std::string_view> retired_options() noexcept
{
    return all_retired;
}

std::vector<std::string> known_names(SectionKind kind, std::span<const Option> component)
{
    std::vector<std::string> names;
    add_names(core_options(kind), names);
    add_names(component, names);
    if (kind == account) add_names(core_options(repository), names);
    for (const auto& expression : all_expressions)
        if (expression.section == kind) names.emplace_back(expression.name);
    if (kind == repository) names.emplace_back("folders.rename");
    names.insert(names.end(), std::begin(all_retired), std::end(all_retired));
    return names;
}

}  // namespace offlineimap::core
