// SPDX-License-Identifier: Apache-2.0
#include "session.hpp"

#include "appender.hpp"
#include "changes.hpp"
#include "edits.hpp"
#include "folder_sizes.hpp"
#include "listing.hpp"
#include "missing_extensions.hpp"
#include "net/connect.hpp"
#include "text_fetch.hpp"
#include "watch.hpp"

#include <limits>
#include <utility>

namespace offlineimap::imap {

ImapSession::ImapSession(
    std::unique_ptr<Connection> connection, FolderTable& folders, const Preferences& preferences)
    : connection_(std::move(connection)), context_ {*connection_, folders, preferences}
{
    introduce();
}

void ImapSession::introduce()
{
    if (connection_->has("ID")) connection_->send("ID (\"name\" \"OfflineIMAP\")", id_);
    enable();
    if (context_.preferences.prefix == Prefix::leave_away && connection_->has("NAMESPACE")) {
        namespace_.when_done([this] { context_.prefix = namespace_.prefix(); });
        connection_->send("NAMESPACE", namespace_);
    }
    const bool is_local = connection_->stream().loopback();
    if (context_.preferences.compression == Compression::on && !is_local
        && connection_->has("COMPRESS=DEFLATE"))
        compress();
}

/// RFC 5161; all in one command.
void ImapSession::enable()
{
    if (!connection_->has("ENABLE")) return;
    std::string wanted;
    if (connection_->has("QRESYNC"))
        wanted += " QRESYNC";
    else if (connection_->has("CONDSTORE"))
        wanted += " CONDSTORE";
    for (const auto* extension : {"UIDONLY", "UTF8=ACCEPT"})
        if (connection_->has(extension)) wanted.append(" ").append(extension);
    names_may_change_ = connection_->has("UTF8=ACCEPT");
    if (!wanted.empty()) connection_->send("ENABLE" + wanted, enable_);
}

/// RFC 4978: nothing may be sent before the answer.
void ImapSession::compress()
{
    const auto answer = connection_->run("COMPRESS DEFLATE");
    if (answer.ok())
        connection_->use_stream(start_deflate(connection_->release_stream("COMPRESS")));
}

/// What was sent ahead must be answered before it is known what can be relied on.
void ImapSession::settle()
{
    connection_->wait_below(1);
}

/// The same before the first folder is named, where the way to write names is at stake.
void ImapSession::settle_names()
{
    if (std::exchange(names_may_change_, false)) settle();
}

Capabilities ImapSession::capabilities() const noexcept
{
    Capabilities can {Capability::keywords, Capability::received_date, Capability::rename_folder};
    if (connection_->has("CONDSTORE")) can.add(Capability::change_tokens);
    if (connection_->has("UIDPLUS")) can.add(Capability::returns_ids);
    if (connection_->has("MOVE")) can.add(Capability::move);
    if (connection_->has("NOTIFY") || connection_->has("IDLE")) can.add(Capability::watch);
    if (context_.uses_labels()) can.add(Capability::labels);
    return can;
}

std::vector<FolderInfo> ImapSession::folders()
{
    return list_folders(context_);
}

FolderInfo ImapSession::create_folder(const FolderPath& path)
{
    settle_names();
    return imap::create_folder(context_, path);
}

void ImapSession::delete_folder(const FolderPath& path)
{
    settle_names();
    imap::delete_folder(context_, path);
}

void ImapSession::rename_folder(const FolderPath& from, const FolderPath& to)
{
    settle_names();
    imap::rename_folder(context_, from, to);
}

void ImapSession::changes(std::span<const ChangeRequest> requests, ChangeSink& sink)
{
    settle();
    report_changes(context_, requests, sink);
}

void ImapSession::fetch(std::span<const MessageRef> messages, Part part, FetchSink& sink)
{
    settle_names();
    fetch_messages(context_, messages, part, sink);
}

std::unique_ptr<Appender> ImapSession::append(StoreSink& sink)
{
    settle_names();
    return std::make_unique<ImapAppender>(context_, sink);
}

void ImapSession::update(std::span<const Update> updates, ResultSink& sink)
{
    settle_names();
    update_messages(context_, updates, sink);
}

void ImapSession::remove(std::span<const MessageRef> messages, ResultSink& sink)
{
    settle_names();
    remove_messages(context_, messages, sink);
}

void ImapSession::move(std::span<const Move> moves, StoreSink& sink)
{
    settle_names();
    move_messages(context_, moves, sink);
}

void ImapSession::watch(std::span<const FolderPath> folders, WatchSink& sink, const Cancel& stop)
{
    settle();
    watch_folders(context_, folders, sink, stop);
}

void* ImapSession::facet(std::string_view name) noexcept
{
    if (name == WatchReach::facet_name) return static_cast<WatchReach*>(this);
    if (name == FolderSizes::facet_name && connection_->has("STATUS=SIZE"))
        return static_cast<FolderSizes*>(this);
    return nullptr;
}

std::vector<std::optional<std::uint64_t>> ImapSession::sizes(std::span<const FolderIndex> folders)
{
    settle_names();
    return folder_sizes(context_, folders);
}

std::size_t ImapSession::told_at_once() const noexcept
{
    if (can_notify(context_)) return std::numeric_limits<std::size_t>::max();
    return connection_->has("IDLE") ? 1 : 0;
}

void ImapSession::keep_alive()
{
    (void)connection_->run("NOOP");
}

std::vector<std::pair<std::string, std::string>> ImapSession::describe()
{
    settle();
    std::vector<std::pair<std::string, std::string>> facts {
        {"host", connection_->peer()},
        {"encrypted", connection_->stream().encrypted() ? "yes" : "no"},
        {"capabilities", connection_->capabilities().text()}};
    for (const auto& [name, value] : connection_->server())
        facts.emplace_back("server " + name, value);
    for (auto& fact : missing_extensions(connection_->capabilities()))
        facts.emplace_back("missing", std::move(fact));
    return facts;
}

}  // namespace offlineimap::imap
