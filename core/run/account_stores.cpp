// SPDX-License-Identifier: Apache-2.0
#include "account_stores.hpp"

#include "pairing_rules.hpp"
#include "shared_folders.hpp"

#include "core/config/netrc.hpp"
#include "core/keyring/desktop_keyring.hpp"
#include "core/sync/content.hpp"
#include "core/text/strings.hpp"

#include <offlineimap/facets.hpp>

#include <utility>

namespace offlineimap::core {
namespace {

std::string text_if_set(const SectionSettings& settings, std::string_view option)
{
    return settings.has(option) ? settings.text(option) : std::string();
}

/// The marks in the names of Maildir files are made from the names that nametrans gives.
void name_folders(Repository& repository, const FolderRules& rules)
{
    auto* naming = static_cast<FolderNaming*>(repository.facet(FolderNaming::facet_name));
    if (naming != nullptr && rules.translates())
        naming->use_visible_names(
            [&rules](const std::string& name) { return rules.translate(name); });
}

struct Peer {
    std::string host, port;  ///< or "tunnel" and the command
};

/// Whom a repository connects to, for messages; empty: it has no wire.
Peer peer_of(const SectionSettings& settings)
{
    for (const auto* tunnel : {"preauthtunnel", "transporttunnel"})
        if (settings.has(tunnel) && !settings.text(tunnel).empty())
            return {"tunnel", settings.text(tunnel)};
    if (!settings.has("remotehost")) return {};
    if (settings.has("remoteport"))
        return {settings.text("remotehost"), std::to_string(settings.number("remoteport"))};
    const bool encrypted = settings.has("ssl") && settings.flag("ssl");
    return {settings.text("remotehost"), encrypted ? "993" : "143"};
}

bool declares(const Component& component, std::string_view option)
{
    const std::span options(component.options, component.option_count);
    return std::any_of(
        options.begin(), options.end(), [&](const Option& o) { return option == o.name; });
}

/// Where the repository is and how it names things: neither secrets nor limits.
std::string settings_of_place(const Component& component, const SectionSettings& settings)
{
    std::string text = std::string(component.type) + "\n";
    for (const Option& option : std::span(component.options, component.option_count)) {
        if (!settings.has(option.name)) continue;
        switch (option.type) {
        case OptionType::text:
        case OptionType::path:
        case OptionType::choice:
            text += concat(option.name, "=", settings.text(option.name), "\n");
            break;
        case OptionType::list:
            text += concat(option.name, "=", join(settings.list(option.name), ","), "\n");
            break;
        case OptionType::number:
            text += concat(option.name, "=", std::to_string(settings.number(option.name)), "\n");
            break;
        default:
            break;
        }
    }
    return text;
}

}  // namespace

AccountStores::AccountStores(const Program& program, const AccountSettings& account)
    : program_(program), account_(account)
{
    local_place_.folders = std::make_unique<FolderRules>(
        program.config, *account.local.section, Side::local, program.script);
    remote_place_.folders = std::make_unique<FolderRules>(
        program.config, *account.remote.section, Side::remote, program.script);
    local_place_.order = std::make_unique<FolderOrder>(
        *account.local.section, program.config.syntax, program.script);
    remote_place_.order = std::make_unique<FolderOrder>(
        *account.remote.section, program.config.syntax, program.script);
    local_place_.ignored =
        copy_ignore(*account.local.section, program.config.syntax, program.script);
    remote_place_.ignored =
        copy_ignore(*account.remote.section, program.config.syntax, program.script);
    local_ = make_repository(account.local, local_place_);
    remote_ = make_repository(account.remote, remote_place_);
    renew_sessions();
}

void AccountStores::renew_sessions()
{
    connections_.reset();
    connections_ = std::make_unique<Connections>(**local_, **remote_, program_.stop.now());
    const auto pools = connections_->pools();
    pools.left->on_connecting([this] { say_connecting(account_.local, local_->settings()); });
    pools.right->on_connecting([this] { say_connecting(account_.remote, remote_->settings()); });
    connections_->listeners().on_connecting(
        [this] { say_connecting(account_.remote, remote_->settings()); });
    pools.left->on_refused([this](const Error& why, unsigned sessions) {
        say_refused(account_.local, why, sessions);
    });
    pools.right->on_refused([this](const Error& why, unsigned sessions) {
        say_refused(account_.remote, why, sessions);
    });
}

void AccountStores::say_refused(
    const RepositorySettings& repository, const Error& why, unsigned sessions) const
{
    const auto text = concat(
        why.what(),
        sessions == 0 ? std::string(": trying again")
                      : concat(": going on with ", std::to_string(sessions), " (maxconnections)"));
    Event event;
    event.kind = EventKind::log;
    event.level = sessions == 0 ? Level::info : Level::warning;
    event.account = account_.name;
    event.repository = repository.name;
    event.text = text;
    program_.bus.post(event);
}

/// As the original: to watch folders is to hold connections, and to say something in time.
void AccountStores::say_connecting(
    const RepositorySettings& repository, const SectionSettings& settings) const
{
    const auto [host, port] = peer_of(settings);
    if (host.empty()) return;
    const auto text =
        concat("Establishing connection to ", host, ":", port, " (", repository.name, ")");
    EventDetails details;
    details.to = {repository.name, repository.type, {}};
    details.host = host;
    details.port = port;
    Event event;
    event.kind = EventKind::connecting;
    event.account = account_.name;
    event.repository = repository.name;
    event.text = text;
    event.details = &details;
    program_.bus.post(event);
}

Rest AccountStores::rest() const
{
    constexpr std::chrono::minutes before_servers_hang_up {29};
    const SectionSettings& settings = remote_->settings();
    const Component& component = program_.loader.find(Kind::repository, account_.remote.type);
    Rest rest;
    if (declares(component, "idlefolders")) rest.idle_folders = settings.list("idlefolders");
    if (declares(component, "holdconnectionopen"))
        rest.hold_connections = settings.flag("holdconnectionopen");
    if (declares(component, "keepalive"))
        rest.keep_alive = std::chrono::seconds(settings.number("keepalive"));
    if (rest.idle_folders.empty()) return rest;
    rest.hold_connections = true;
    if (rest.keep_alive.count() == 0) rest.keep_alive = before_servers_hang_up;
    return rest;
}

void AccountStores::warn(const std::vector<std::string>& warnings) const
{
    for (const auto& warning : warnings)
        program_.bus.log(Level::warning, warning);
}

std::unique_ptr<ComponentInstance<Repository>>
AccountStores::make_repository(const RepositorySettings& repository, Place& place)
{
    const Component& component = program_.loader.find(Kind::repository, repository.type);
    const auto source = repository_source(program_.config, account_, repository, program_.script);
    auto settings = std::make_unique<SectionSettings>(
        std::span(component.options, component.option_count), source);
    warn(settings->warnings());
    place.settings = settings_of_place(component, *settings);

    SecretContext secrets;
    secrets.chain = source.chain;
    secrets.script = program_.script;
    secrets.netrc_files = netrc_files();
    if (declares(component, "remotehost") && declares(component, "remoteuser")) {
        supply_remote_user(*settings, secrets.netrc_files);
        secrets.host = text_if_set(*settings, "remotehost");
        secrets.user = text_if_set(*settings, "remoteuser");
    }
    secrets.cancel = &program_.stop.now();
    EventBus& bus = program_.bus;
    secrets.ask = [&bus](std::string_view question) {
        Question hidden;
        hidden.text = question;
        hidden.hidden = true;
        return bus.ask(hidden);
    };
    secrets.warn = [&bus](std::string_view line) { bus.log(Level::warning, line); };
    if (!program_.general.ignore_keyring) place.keyring = desktop_keyring();
    secrets.keyring = place.keyring.get();
    place.secrets = std::make_unique<Secrets>(std::move(secrets));

    HostContext context;
    context.tracer = program_.tracer;
    context.account = account_.name;
    context.repository = repository.name;
    context.state_dir = program_.general.metadata / ("Repository-" + repository.name);
    const bool debug = program_.debug.contains(repository.type)
        || (repository.type == "gmail" && program_.debug.contains("imap"));
    context.least_level = debug ? Level::debug : Level::info;
    context.secret = [known = place.secrets.get()](
                         std::string_view option, std::string_view reason, bool fresh) {
        return known->get(option, reason, fresh);
    };
    auto made = std::make_unique<ComponentInstance<Repository>>(
        component, std::move(settings), program_.bus, std::move(context));
    static_cast<void>(made->host().state_dir());
    name_folders(**made, *place.folders);
    return made;
}

void AccountStores::update_keyring() const
{
    for (const auto* place : {&local_place_, &remote_place_})
        place->secrets->update_keyring();
}

void AccountStores::forget_refusals() const
{
    for (const auto* place : {&local_place_, &remote_place_})
        place->secrets->forget_refusals();
}

std::string AccountStores::local_folders() const
{
    return text_if_set(local_->settings(), "localfolders");
}

sync::SideRules AccountStores::side_rules(
    const RepositorySettings& repository, const SectionSettings& settings) const
{
    sync::SideRules rules;
    rules.readonly = repository.readonly;
    rules.sync_deletes = repository.sync_deletes;
    rules.tells_new_mail = !repository.newmail_hook.empty();
    rules.filter_headers = account_.filter_headers;
    rules.keeps_deleted = settings.has("expunge") && !settings.flag("expunge");
    return rules;
}

std::string AccountStores::settings_digest() const
{
    sync::ContentDigest digest;
    for (const auto* place : {&local_place_, &remote_place_})
        digest.add(std::as_bytes(std::span(place->settings)));
    return digest.finish();
}

namespace {

sync::DeleteBudget delete_budget(const DeletionBudget& budget)
{
    sync::DeleteBudget out;
    out.most = budget.messages;
    if (budget.percent == 0U) out.most = 0;  // of small folders, too
    out.percent = budget.percent.value_or(100);
    return out;
}

/// The first day of `maxage`.
std::chrono::sys_days first_day(const AgeLimit& age)
{
    if (const auto* day = std::get_if<std::chrono::sys_days>(&age)) return *day;
    const auto today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
    return today - std::get<std::chrono::days>(age);
}

Window window_of(const AccountSettings& account, const RepositorySettings& repository)
{
    Window window;
    window.smaller_than = account.max_size;
    window.received_since = repository.start_date;
    if (account.max_age) window.received_since = first_day(*account.max_age);
    return window;
}

std::function<std::set<MessageId>(const std::string&)> ids_of(const CopyIgnore& ignored)
{
    return [&ignored](const std::string& folder) {
        std::set<MessageId> ids;
        for (auto& id : ignored(folder))
            ids.insert({std::move(id)});
        return ids;
    };
}

}  // namespace

/// A Maildir's is known before it has folders.
std::string AccountStores::local_separator() const
{
    return text_if_set(local_->settings(), "sep");
}

sync::SyncRules AccountStores::rules(sync::SyncRules::Mode mode) const
{
    local_place_.folders->forget_answers();
    remote_place_.folders->forget_answers();
    sync::SyncRules rules;
    rules.account = account_.name;
    rules.typed = program_.typed;
    rules.repositories = {account_.local.name, account_.remote.name};
    rules.sides = {
        side_rules(account_.local, local_->settings()),
        side_rules(account_.remote, remote_->settings())};
    rules.folders = {
        pairing_rules(
            *local_place_.folders, *local_place_.order, account_.local, local_->settings(), {}),
        pairing_rules(
            *remote_place_.folders, *remote_place_.order, account_.remote, remote_->settings(),
            local_separator())};
    rules.folders.left.separator = local_separator();
    if (void* facet = (**local_).facet(FolderCase::facet_name))
        rules.folders.left.folds_case = static_cast<FolderCase*>(facet)->folds_case();
    rules.state = {local_->host().state_dir(), remote_->host().state_dir()};
    rules.budget = delete_budget(account_.max_deletes);
    for (const auto side : sync::both_sides) {
        const auto& repository = side == sync::Side::left ? account_.local : account_.remote;
        if (repository.max_deletes)
            rules.repository_budget[side] = delete_budget(*repository.max_deletes);
        rules.sides[side].trash = repository.trash;
        rules.sides[side].window = window_of(account_, repository);
        const auto& place = side == sync::Side::left ? local_place_ : remote_place_;
        if (place.ignored) rules.sides[side].ignored = ids_of(place.ignored);
    }
    if (account_.max_age) rules.sides.left.new_by_time = sync::TimeCounts::no;
    rules.other_owners = other_owners(program_.config, program_.general.metadata, account_.name);
    rules.mode = mode;
    if (program_.config.only_folders) rules.reach = sync::SyncRules::Reach::chosen_ones;
    rules.dry_run = program_.general.dry_run;
    rules.flush = program_.general.fsync ? sync::Flush::yes : sync::Flush::no;
    return rules;
}

}  // namespace offlineimap::core
