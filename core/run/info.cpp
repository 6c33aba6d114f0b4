// SPDX-License-Identifier: Apache-2.0
#include "account_stores.hpp"
#include "problems.hpp"
#include "run.hpp"

#include "core/sync/pairing.hpp"
#include "core/text/strings.hpp"

#include <offlineimap/facets.hpp>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <vector>

#include <sys/ioctl.h>
#include <unistd.h>

namespace offlineimap::core {
namespace {

using Clock = std::chrono::steady_clock;

/// What is in a folder, as the repository lists it.
struct Content {
    std::uint64_t messages = 0, unseen = 0;
    bool writable = true;
    std::optional<std::uint64_t> bytes;
    std::string failure;  ///< why it is not known
};

class Counter final : public ChangeSink {
public:
    void begin(FolderIndex folder, const FolderState& state, Coverage) override
    {
        Content& content = contents_[folder];
        content = {};
        content.writable = state.writable;
        messages_.clear();
    }
    void changed(const Message& message) override
    {
        messages_.insert_or_assign(message.id, message.flags.has(Flag::seen));
    }
    void vanished(const MessageId& id) override { messages_.erase(id); }
    void present(const MessageId&) override { }
    void end(FolderIndex folder, std::string) override
    {
        Content& content = contents_[folder];
        content.messages = messages_.size();
        content.unseen = static_cast<std::uint64_t>(
            std::ranges::count_if(messages_, [](const auto& one) { return !one.second; }));
        messages_.clear();
    }
    void failed(FolderIndex folder, const Error& why) override
    {
        contents_[folder].failure = why.what();
    }
    [[nodiscard]] std::map<FolderIndex, Content> take() { return std::move(contents_); }

private:
    std::map<FolderIndex, Content> contents_;
    std::map<MessageId, bool> messages_;  ///< of the folder that is being reported: seen?
};

struct Want {
    Capability capability;
    std::string_view consequence;
};

/// What a remote repository lacks and a run then has to do without.
constexpr Want wants[] {
    {Capability::change_tokens,
     "it does not tell what changed: the marks of all messages are listed in every full run"},
    {Capability::returns_ids,
     "it does not tell the ids of what is stored: they are searched for after each upload"},
    {Capability::move, "it cannot move messages: they are copied and deleted"},
    {Capability::keywords, "it keeps no keywords, only the flags that everybody has"},
    {Capability::received_date, "it does not keep the time at which a message arrived"},
    {Capability::watch, "it tells no news: with autorefresh new mail waits for the next refresh"},
};

std::string milliseconds(Clock::duration time)
{
    const auto count = std::chrono::duration_cast<std::chrono::microseconds>(time).count();
    return concat(std::to_string(count / 1000), ".", std::to_string(count % 1000 / 100), " ms");
}

std::size_t terminal_width()
{
    constexpr std::size_t usual = 80;
    winsize size = {};
    return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : usual;
}

/// One unit for all, so that the list can be compared at a glance.
std::string in_kilobytes(std::uint64_t bytes)
{
    return concat(std::to_string(bytes / 1000 + (bytes % 1000 > 0 ? 1 : 0)), " kB");
}

std::string counted(const Content& content)
{
    if (!content.failure.empty()) return concat(" (not readable: ", content.failure, ")");
    return concat(
        ": ", std::to_string(content.messages), content.messages == 1 ? " message" : " messages",
        content.unseen > 0 ? concat(", ", std::to_string(content.unseen), " unread") : "",
        content.bytes ? concat(", ", in_kilobytes(*content.bytes)) : "",
        content.writable ? "" : ", read-only");
}

std::string written(const Value& value)
{
    if (value.list) return join(*value.list, ", ");
    return value.mappings ? "(a map)" : std::string(trimmed(value.text));
}

void post_failure(const Program& program, const std::string& account, const Error& error)
{
    const auto text = failure_text(error);
    Event event;
    event.kind = EventKind::failure;
    event.level = Level::error;
    event.account = account;
    event.text = text;
    event.error = &error;
    program.bus.post(event);
}

/// Where they are told for the asking: with other repositories each message would be looked at.
void add_sizes(Session& session, std::map<FolderIndex, Content>& contents)
{
    auto* const facet = static_cast<FolderSizes*>(session.facet(FolderSizes::facet_name));
    if (!facet) return;
    std::vector<FolderIndex> folders;
    std::transform(
        contents.begin(), contents.end(), std::back_inserter(folders),
        [](const auto& one) { return one.first; });
    const auto sizes = facet->sizes(folders);
    for (std::size_t i = 0; i < folders.size(); ++i)
        contents[folders[i]].bytes = sizes[i];
}

class Info {
public:
    Info(const Program& program, const AccountSettings& account, const ColumnStyle& columns)
        : program_(program)
        , account_(account)
        , stores_(program, account)
        , rules_(stores_.rules(sync::SyncRules::Mode::full))
        // As the manual has it: where more is said there are no columns.
        , in_columns_(
              program.debug.empty()
              && (columns.when == ColumnStyle::When::always
                  || (columns.when == ColumnStyle::When::on_terminal
                      && ::isatty(STDERR_FILENO) == 1)))
        , columns_(columns)
    {
    }

    void show()
    {
        line("Account " + account_.name);
        const auto repositories = stores_.repositories();
        bool complete = true;
        for (const auto side : {sync::Side::right, sync::Side::left})
            complete = attempt([&] { show_repository(side, *repositories[side]); }) && complete;
        if (complete) attempt([&] { show_pairs(); });
    }

private:
    void line(const std::string& text) const { program_.bus.log(Level::info, text); }
    template <class Work> bool attempt(Work work) const;
    const RepositorySettings& settings(sync::Side side) const
    {
        return side == sync::Side::left ? account_.local : account_.remote;
    }

    void show_repository(sync::Side side, Repository& repository);
    void show_rules(sync::Side side) const;
    void show_speed(sync::Side side, Session& session, Clock::duration connecting) const;
    void show_missing(sync::Side side, const Session& session) const;
    void show_folders(sync::Side side, Session& session);
    void show_folder(sync::Side side, const FolderInfo& folder) const;
    std::vector<FolderInfo> folders_of(Session& session, sync::Side side) const;
    std::string marked(sync::Side side, const FolderInfo& folder) const;
    void show_pairs() const;
    std::string shown(sync::Side side, const FolderInfo& folder) const;

    const Program& program_;
    const AccountSettings& account_;
    AccountStores stores_;
    const sync::SyncRules rules_;
    const bool in_columns_;
    const ColumnStyle& columns_;
    sync::Both<std::vector<FolderInfo>> folders_;
    sync::Both<std::map<FolderIndex, Content>> contents_;
};

/// What one side cannot tell is said, and the other side is shown all the same.
template <class Work> bool Info::attempt(Work work) const
{
    try {
        work();
        return true;
    } catch (const Error& error) {
        if (error.code() == Errc::cancelled) throw;
        post_failure(program_, account_.name, error);
        return false;
    }
}

void Info::show_repository(sync::Side side, Repository& repository)
{
    line(concat(
        side == sync::Side::left ? "Local" : "Remote", " repository '", settings(side).name,
        "': type '", settings(side).type, "'"));
    show_rules(side);
    const auto begin = Clock::now();
    const auto session = repository.connect(program_.stop.now());
    const auto connected = Clock::now();
    for (const auto& [name, value] : session->describe())
        line(concat("  ", name, ": ", value));
    show_missing(side, *session);
    show_speed(side, *session, connected - begin);
    show_folders(side, *session);
}

/// As they are written: what they do to each folder comes below.
void Info::show_rules(sync::Side side) const
{
    for (const auto* option : {"folderfilter", "folderincludes", "nametrans", "foldersort"})
        if (const Value* value = settings(side).section->find(option))
            line(concat("  ", option, ": ", written(*value)));
}

void Info::show_missing(sync::Side side, const Session& session) const
{
    if (side == sync::Side::left && settings(side).type == "maildir") return;
    for (const auto& [capability, consequence] : wants)
        if (!session.capabilities().has(capability)) line(concat("  missing: ", consequence));
}

/// A wire's length is what a run waits for most.
void Info::show_speed(sync::Side side, Session& session, Clock::duration connecting) const
{
    constexpr auto slow = std::chrono::milliseconds(200);
    line(concat("  time to connect and sign in: ", milliseconds(connecting)));
    if (side == sync::Side::left && settings(side).type == "maildir") return;
    auto best = Clock::duration::max();
    for (int i = 0; i < 3; ++i) {
        const auto begin = Clock::now();
        session.keep_alive();
        best = std::min(best, Clock::now() - begin);
    }
    line(concat(
        "  time for an answer: ", milliseconds(best),
        best > slow ? " (slow: more maxconnections may help)" : ""));
}

void Info::show_folders(sync::Side side, Session& session)
{
    const auto begin = Clock::now();
    folders_[side] = folders_of(session, side);
    const auto listed = Clock::now();
    std::vector<ChangeRequest> requests;
    for (const auto& folder : folders_[side])
        if (!folder.uses.has(FolderUse::not_selectable))
            requests.push_back({folder.index, {}, {}, {}});
    Counter counter;
    if (!requests.empty()) session.changes(requests, counter);
    contents_[side] = counter.take();
    line(concat(
        "  time to list ", std::to_string(folders_[side].size()), " folders: ",
        milliseconds(listed - begin), "; their messages: ", milliseconds(Clock::now() - listed)));
    add_sizes(session, contents_[side]);
    line("  Folderlist:");
    std::vector<std::string> names;
    for (const auto& folder : folders_[side])
        if (in_columns_)
            names.push_back(marked(side, folder));
        else
            show_folder(side, folder);
    constexpr std::string_view indent = "   ";
    const auto width = terminal_width() - std::min(terminal_width(), indent.size());
    for (const auto& row : in_columns(names, width, columns_))
        line(concat(indent, row));
}

std::string Info::marked(sync::Side side, const FolderInfo& folder) const
{
    const bool enabled = rules_.folders[side].accepts(folder);
    return concat(folder.name, enabled ? "" : " (disabled)");
}

void Info::show_folder(sync::Side side, const FolderInfo& folder) const
{
    const auto& rules = rules_.folders[side];
    const auto path = rules.translate ? rules.translate(folder) : folder.path;
    const auto visible = path == folder.path ? "" : concat(" -> ", join(path, folder.separator));
    const auto content = contents_[side].find(folder.index);
    line(concat(
        "   ", folder.name, visible, rules.accepts(folder) ? "" : " (disabled)",
        content == contents_[side].end() ? std::string(" (holds no messages)")
                                         : counted(content->second)));
}

/// A local root that is not there yet is made by the first synchronisation.
std::vector<FolderInfo> Info::folders_of(Session& session, sync::Side side) const
{
    try {
        return session.folders();
    } catch (const Error& error) {
        if (side == sync::Side::right || error.code() != Errc::not_found) throw;
        line("  (not there yet)");
        return {};
    }
}

void Info::show_pairs() const
{
    const auto pairing = sync::pair_folders(folders_, rules_.folders, rules_.repositories);
    for (const auto& warning : pairing.warnings)
        program_.bus.log(Level::warning, warning);
    line("  Kept equal (local <-> remote):");
    for (const auto& pair : pairing.pairs)
        line(concat(
            "   ", shown(sync::Side::left, pair.folder.left), " <-> ",
            shown(sync::Side::right, pair.folder.right)));
    for (const auto& wanted : pairing.wanted)
        line(concat("   to be created in ", settings(wanted.on).name, ": ", wanted.name));
}

std::string Info::shown(sync::Side side, const FolderInfo& folder) const
{
    if (folder.path.empty()) return "(to be created)";
    const auto content = contents_[side].find(folder.index);
    if (content == contents_[side].end() || !content->second.failure.empty()) return folder.name;
    return concat(folder.name, " (", std::to_string(content->second.messages), ")");
}

}  // namespace

void show_info(const Program& program, const ColumnStyle& columns)
{
    for (const auto& account :
         account_settings(program.config, program.general, {program.script, {}})) {
        try {
            Info(program, account, columns).show();
        } catch (const Error& error) {
            if (error.code() == Errc::cancelled) return;
            post_failure(program, account.name, error);
        }
    }
}

}  // namespace offlineimap::core
