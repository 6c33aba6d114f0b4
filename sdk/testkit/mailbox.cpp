// SPDX-License-Identifier: Apache-2.0
#include "mailbox.hpp"

#include <algorithm>
#include <atomic>
#include <unistd.h>

namespace offlineimap::testkit {

void require_none(const std::vector<std::string>& faults)
{
    if (!faults.empty()) throw Broken("calls of a sink must be in turn: " + faults.front());
}

void require_good(const Outcome& outcome, const std::string& what)
{
    require(outcome.reports == 1, what + " must be reported once");
    require(
        !outcome.failure,
        what + " must succeed, it failed: " + (outcome.failure ? outcome.failure->what() : ""));
}

void require_failure(const std::optional<Error>& failure, Errc code, const std::string& what)
{
    require(failure.has_value(), what + " must fail");
    require(
        failure->code() == code,
        what + " must fail with " + to_text(code) + ", it failed with " + to_text(failure->code())
            + ": " + failure->what());
}

std::string unused_name()
{
    static std::atomic<int> count = 0;
    return "plugin-check-" + std::to_string(::getpid()) + "-" + std::to_string(++count);
}

std::string letter(std::string_view subject, std::size_t body_size)
{
    std::string text = "From: a@example.org\r\nSubject: ";
    text.append(subject).append("\r\nMessage-ID: <").append(unused_name()).append("@example>");
    text.append("\r\nDate: Fri, 21 Nov 1997 09:55:06 -0600\r\n\r\n");
    const std::string line = "a line of a letter, as long as lines of letters are as a rule\r\n";
    for (std::size_t size = 0; size < body_size; size += line.size())
        text.append(line);
    return text;
}

Visit::Visit(RepositoryBench& bench)
    : own_(bench.repository()), cancel_(std::make_unique<TestCancel>()), repository_(own_.get())
{
    require(repository_ != nullptr, "make.repository must return a repository");
    session_ = repository_->connect(*cancel_);
    require(session_ != nullptr, "connect() must return a session");
}

Visit::Visit(Visit& other) : cancel_(std::make_unique<TestCancel>()), repository_(other.repository_)
{
    session_ = repository_->connect(*cancel_);
    last_id_ = other.last_id_ + 1'000'000;
}

FolderChanges Visit::changes(FolderIndex folder, const std::string& token)
{
    ChangeRequest request;
    request.folder = folder;
    request.token = token;
    if (!token.empty()) request.epoch = changes(folder).state.epoch;
    ChangeCollector sink;
    session_->changes({&request, 1}, sink);
    require_none(sink.faults);
    const FolderChanges& found = sink.of(folder);
    require(found.ended || found.failure, "changes() must end() or fail() every folder");
    return found;
}

std::vector<MessageId> Visit::ids(FolderIndex folder)
{
    const FolderChanges found = changes(folder);
    require(!found.failure, "changes() of a folder that is there must succeed");
    require(
        found.coverage == Coverage::snapshot,
        "changes() without a token must report everything as a snapshot");
    std::vector<MessageId> ids;
    for (const auto& [id, message] : found.changed)
        ids.push_back(id);
    return ids;
}

std::vector<FetchedText> Visit::fetch(const std::vector<MessageRef>& refs, Part part)
{
    TextCollector sink(refs.size());
    session_->fetch(refs, part, sink);
    sink.close();
    require_none(sink.faults);
    return std::move(sink.texts);
}

FetchedText Visit::fetch(FolderIndex folder, const MessageId& id, Part part)
{
    return fetch({{folder, id}}, part).front();
}

MessageId Visit::next_id()
{
    if (!can(Capability::takes_ids)) return {};
    return {std::to_string(++last_id_)};
}

Outcome Visit::try_append(FolderIndex folder, std::string_view text, Message message)
{
    if (message.id.empty()) message.id = next_id();
    StoreCollector sink(1);
    const auto appender = session_->append(sink);
    try {
        store(*appender, 0, folder, message, text);
        appender->finish();
    } catch (const Error& error) {
        if (error.scope() != Scope::message) throw;
        sink.outcomes[0].failure.emplace(error);
    }
    return sink.outcomes[0];
}

MessageId Visit::append(FolderIndex folder, std::string_view text, Message message)
{
    const std::vector<MessageId> before =
        can(Capability::returns_ids) ? std::vector<MessageId>() : ids(folder);
    const Outcome stored = try_append(folder, text, std::move(message));
    require_good(stored, "append of an ordinary message");
    if (can(Capability::returns_ids)) {
        require(!stored.id.empty(), "a repository with returns_ids must tell the id");
        return stored.id;
    }
    for (const MessageId& id : ids(folder))
        if (std::find(before.begin(), before.end(), id) == before.end()) return id;
    throw Broken("a message that was stored must be in the next changes()");
}

Outcome Visit::update(const Update& change)
{
    ResultCollector sink(1);
    session_->update({&change, 1}, sink);
    return sink.outcomes[0];
}

Outcome Visit::remove(const MessageRef& message)
{
    ResultCollector sink(1);
    session_->remove({&message, 1}, sink);
    return sink.outcomes[0];
}

OwnFolder::OwnFolder(Visit& visit)
    : visit_(visit), path_({unused_name()}), index_(visit.session().create_folder(path_).index)
{
    // Removals and edits need the folder's state to have been reported.
    (void)visit_.ids(index_);
}

OwnFolder::~OwnFolder()
{
    try {
        visit_.session().delete_folder(path_);
    } catch (const Error&) {
        // The check has removed it, or its session is lost.
        return;
    }
}

}  // namespace offlineimap::testkit
