// SPDX-License-Identifier: Apache-2.0
#include "session.hpp"

#include "appender.hpp"
#include "changes.hpp"
#include "edits.hpp"
#include "listing.hpp"
#include "net/connect.hpp"
#include "text_fetch.hpp"

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
    if (connection_->has("ENABLE") && connection_->has("QRESYNC"))
        connection_->send("ENABLE QRESYNC", enable_);
    else if (connection_->has("ENABLE") && connection_->has("CONDSTORE"))
        connection_->send("ENABLE CONDSTORE", enable_);
    const bool is_local = connection_->stream().loopback();
    if (context_.preferences.compression == Compression::on && !is_local
        && connection_->has("COMPRESS=DEFLATE"))
        compress();
}

/// RFC 4978: nothing may be sent before the answer.
void ImapSession::compress()
{
    const auto answer = connection_->run("COMPRESS DEFLATE");
    if (answer.ok()) connection_->use_stream(start_deflate(connection_->release_stream()));
}

/// What was sent ahead must be answered before it is known what can be relied on.
void ImapSession::settle()
{
    connection_->wait_below(1);
}

Capabilities ImapSession::capabilities() const noexcept
{
    Capabilities can {Capability::keywords, Capability::received_date, Capability::rename_folder};
    if (connection_->has("CONDSTORE")) can.add(Capability::change_tokens);
    if (connection_->has("UIDPLUS")) can.add(Capability::returns_ids);
    if (connection_->has("MOVE")) can.add(Capability::move);
    if (context_.uses_labels()) can.add(Capability::labels);
    return can;
}

std::vector<FolderInfo> ImapSession::folders()
{
    return list_folders(context_);
}

FolderInfo ImapSession::create_folder(const FolderPath& path)
{
    return imap::create_folder(context_, path);
}

void ImapSession::delete_folder(const FolderPath& path)
{
    imap::delete_folder(context_, path);
}

void ImapSession::rename_folder(const FolderPath& from, const FolderPath& to)
{
    imap::rename_folder(context_, from, to);
}

void ImapSession::changes(std::span<const ChangeRequest> requests, ChangeSink& sink)
{
    settle();
    report_changes(context_, requests, sink);
}

void ImapSession::fetch(std::span<const MessageRef> messages, Part part, FetchSink& sink)
{
    fetch_messages(context_, messages, part, sink);
}

std::unique_ptr<Appender> ImapSession::append(StoreSink& sink)
{
    return std::make_unique<ImapAppender>(context_, sink);
}

void ImapSession::update(std::span<const Update> updates, ResultSink& sink)
{
    update_messages(context_, updates, sink);
}

void ImapSession::remove(std::span<const MessageRef> messages, ResultSink& sink)
{
    remove_messages(context_, messages, sink);
}

void ImapSession::move(std::span<const Move> moves, StoreSink& sink)
{
    move_messages(context_, moves, sink);
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
    return facts;
}

}  // namespace offlineimap::imap
