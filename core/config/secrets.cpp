// SPDX-License-Identifier: Apache-2.0
#include "secrets.hpp"

#include "expressions.hpp"
#include "netrc.hpp"
#include "text_file.hpp"
#include "values.hpp"

#include "core/process/command.hpp"
#include "core/text/strings.hpp"

#include <functional>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace offlineimap::core {

namespace {

namespace fs = std::filesystem;

/// Who else may do what with a file.
struct Exposure {
    bool exists = false;
    bool readable = false;  ///< by others
    bool writable = false;  ///< by others, or it belongs to another user than us and root
};

Exposure exposure_of(const fs::path& file)
{
    struct stat status { };
    if (::stat(file.c_str(), &status) != 0) return {};
    const bool foreign = status.st_uid != ::geteuid() && status.st_uid != 0;
    return {
        .exists = true,
        .readable = (status.st_mode & (S_IRGRP | S_IROTH)) != 0,
        .writable = foreign || (status.st_mode & (S_IWGRP | S_IWOTH)) != 0};
}

constexpr std::string_view refused_before =
    ": the server refused it before, and it is still the same, so it is not offered again (SIGUSR1 "
    "offers it once more)";

std::size_t hash_of(const std::string& secret)
{
    return std::hash<std::string>()(secret);
}

/// Empty if the file is not there or not for us to read, as /etc/netrc may be.
std::vector<NetrcEntry> read_netrc(const fs::path& file)
{
    const auto exposure = exposure_of(file);
    if (!exposure.exists || ::access(file.c_str(), R_OK) != 0) return {};
    if (exposure.writable)
        throw Error(
            Errc::config,
            concat(
                "read ", file.string(),
                ": other users may change it, so it is not used; make it yours alone (chmod 600)"));
    return parse_netrc(read_text_file(file));
}

struct NetrcMatch {
    NetrcEntry entry;
    fs::path file;
};

std::optional<NetrcMatch>
find_in_netrc(const std::vector<fs::path>& files, std::string_view host, std::string_view user)
{
    if (host.empty()) return std::nullopt;
    for (const auto& file : files) {
        const auto entries = read_netrc(file);
        if (const auto* entry = find_netrc_entry(entries, host, user)) return {{*entry, file}};
    }
    return std::nullopt;
}

}  // namespace

std::string Secrets::get(std::string_view option, std::string_view reason, bool fresh)
{
    const std::lock_guard lock(mutex_);
    auto& memory = memories_[std::string(option)];
    if (memory.last && !fresh) return *memory.last;
    memory.refuse_last();
    // A command or an expression may say something new where a written password cannot.
    auto answer = configured(option);
    const bool known_as_refused = answer && memory.has_refused(*answer);
    if (!answer || known_as_refused) {
        answer = known_as_refused && !fresh ? ask(option, concat(reason, refused_before), true)
                                            : ask(option, reason, fresh);
        memory.refused.erase(hash_of(*answer));  // who types it wants it to be tried
    }
    memory.last = answer;
    return *answer;
}

bool Secrets::Memory::has_refused(const std::string& secret) const
{
    return refused.contains(hash_of(secret));
}

void Secrets::Memory::refuse_last()
{
    if (last) refused.insert(hash_of(*last));
    last.reset();
}

void Secrets::forget_refusals()
{
    const std::lock_guard lock(mutex_);
    for (auto& [option, memory] : memories_)
        memory.refused.clear();
}

std::optional<std::string> Secrets::configured(std::string_view option)
{
    const auto options = secret_options(option);
    for (const Section* section : context_.chain) {
        for (const auto& secret : options)
            if (section->has(secret.name)) return read(*section, secret, option);
    }
    if (option != "remotepass") return std::nullopt;
    auto password = from_netrc(context_.netrc_files);
    return password ? password : from_keyring_if_there();
}

std::optional<std::string>
Secrets::read(const Section& section, const SecretOption& option, std::string_view secret)
{
    const Value& value = *section.find(option.name);
    const auto at = place(section, option.name, value.where);
    if (value.list) throw Error(Errc::config, concat(at, ": expected one text, found a list"));
    switch (value.is_python ? SecretForm::expression : option.form) {
    case SecretForm::expression: {
        const Place expression {section, option.name, value};
        return without_line_end(text_of(evaluate(expression, context_.script), expression));
    }
    case SecretForm::command:
        try {
            return first_line_of(value.text, context_.command_timeout, context_.cancel);
        } catch (const Error& error) {
            throw Error(error.code(), error.scope(), error.retry(), concat(at, ": ", error.what()));
        }
    case SecretForm::file:
        return read_file(section, value, option.name);
    case SecretForm::netrc:
        return from_file_of_netrc(section, value);
    case SecretForm::keyring:
        return from_keyring(value, secret);
    case SecretForm::prompt:
        return std::nullopt;
    case SecretForm::text:
        break;
    }
    return value.text;
}

std::string Secrets::read_file(const Section& section, const Value& value, std::string_view option)
{
    const fs::path file = expand_home(value.text);
    if (exposure_of(file).readable)
        warn_once(
            concat(place(section, option, value.where), ": other users can read ", file.string()));
    const auto text = read_text_file(file);
    return std::string(trimmed(split(text, '\n').front()));
}

/// `yes` means the usual ones.
std::optional<std::string> Secrets::from_file_of_netrc(const Section& section, const Value& value)
{
    if (parse_flag(value.text)) return from_netrc(context_.netrc_files);
    const fs::path file = expand_home(value.text);
    if (!exposure_of(file).exists)
        throw Error(
            Errc::config,
            concat(value.where, ": [", section.title, "] netrc: there is no file ", file.string()));
    return from_netrc({file});
}

/// `yes` means the host's entry; for what is no password, one of its own.
std::optional<std::string> Secrets::from_keyring(const Value& value, std::string_view secret)
{
    if (context_.keyring == nullptr) return std::nullopt;  // --ignore-keyring
    KeyringEntry entry {context_.host, context_.user};
    if (!parse_flag(value.text))
        entry.service = value.text;
    else if (secret != "remotepass")
        entry.service += concat(" ", secret);
    auto found = context_.keyring->find(entry, context_.cancel);
    if (found && secret == "remotepass") in_keyring_ = found;
    return found;
}

/// Nobody asked for it, so that one which cannot be asked is no mistake.
std::optional<std::string> Secrets::from_keyring_if_there()
{
    if (context_.host.empty() || context_.user.empty()) return std::nullopt;
    try {
        return from_keyring({.text = "yes"}, "remotepass");
    } catch (const Error& error) {
        if (error.code() == Errc::cancelled) throw;
        return std::nullopt;
    }
}

void Secrets::update_keyring()
{
    const std::lock_guard lock(mutex_);
    const auto& password = memories_["remotepass"].last;
    if (!password || password == in_keyring_ || context_.keyring == nullptr) return;
    context_.keyring->store({context_.host, context_.user}, *password, context_.cancel);
    in_keyring_ = password;
}

std::optional<std::string> Secrets::from_netrc(const std::vector<fs::path>& files)
{
    auto match = find_in_netrc(files, context_.host, context_.user);
    if (!match || match->entry.password.empty()) return std::nullopt;
    if (exposure_of(match->file).readable)
        warn_once(concat("other users can read ", match->file.string()));
    return std::move(match->entry.password);
}

std::string Secrets::ask(std::string_view option, std::string_view reason, bool fresh)
{
    const bool password = option == "remotepass";
    const auto wanted = password
        ? concat("password for user '", context_.user, "' at ", context_.host)
        : concat(option, " for ", context_.chain.front()->name);
    const auto why = fresh && !reason.empty() ? concat(reason, "; ") : std::string();
    if (context_.ask) {
        if (auto answer = context_.ask(concat(why, "Enter ", wanted, ": ")))
            return std::move(*answer);
    }
    throw Error(
        Errc::auth,
        concat(
            why, "no ", fresh ? "other " : "", wanted, " is known: set ", option, ", ", option,
            "file or ", option, ".command in ", context_.chain.front()->where));
}

void Secrets::warn_once(const std::string& line)
{
    if (context_.warn && warned_.insert(line).second) context_.warn(line);
}

void supply_remote_user(
    SectionSettings& settings, const std::vector<std::filesystem::path>& netrc_files)
{
    if (!settings.has("remotehost") || settings.has("remoteuser")) return;
    const auto match = find_in_netrc(netrc_files, settings.text("remotehost"), {});
    if (match && !match->entry.login.empty())
        settings.supply("remoteuser", match->entry.login, match->file.string());
}

}  // namespace offlineimap::core
