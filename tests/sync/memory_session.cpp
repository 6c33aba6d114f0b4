// SPDX-License-Identifier: Apache-2.0
#include "memory_mail.hpp"

#include <algorithm>

namespace offlineimap::test {
namespace {

class MemoryAppender final : public Appender {
public:
    MemoryAppender(MailStore& store, StoreSink& sink) : store_(store), sink_(sink) { }

    void begin(
        std::size_t index, FolderIndex folder, const Message& message, std::uint64_t size) override
    {
        size_ = size;
        pending_.push_back({index, folder, message, {}});
    }
    void write(Bytes chunk) override
    {
        pending_.back().text.append(reinterpret_cast<const char*>(chunk.data()), chunk.size());
    }
    void end() override
    {
        if (pending_.back().text.size() != size_)
            throw Error(Errc::internal, "a message was not as long as was said");
    }
    void abandon() noexcept override { pending_.pop_back(); }
    void finish() override
    {
        for (const Pending& pending : std::exchange(pending_, {})) {
            if (const auto why = store_.refusal(MailStore::Deed::store, pending.folder)) {
                sink_.failed(pending.index, *why);
                continue;
            }
            MessageId id;
            try {
                store_.faults.step([&] { id = store(pending); });
            } catch (const std::out_of_range&) {
                sink_.failed(
                    pending.index,
                    Error(Errc::not_found, Scope::message, Retry::later, "no folder"));
                continue;
            }
            sink_.stored(pending.index, store_.abilities.returns_ids ? id : MessageId {});
        }
    }

private:
    struct Pending {
        std::size_t index;
        FolderIndex folder;
        Message message;
        std::string text;
    };
    MessageId store(const Pending& pending)
    {
        const std::lock_guard lock(store_.mutex);
        MailFolder& folder = store_.at(pending.folder);
        const bool given = store_.abilities.takes_ids && !pending.message.id.empty();
        const MessageId id = given ? pending.message.id : store_.fresh_id(folder);
        if (folder.mails.contains(id)) throw Error(Errc::internal, "an id was given twice");
        folder.mails[id] = {
            pending.text,
            pending.message.flags,
            {pending.message.keywords.begin(), pending.message.keywords.end()},
            ++folder.mod_seq,
            {},
            pending.message.received};
        return id;
    }

    MailStore& store_;
    StoreSink& sink_;
    std::vector<Pending> pending_;
    std::uint64_t size_ = 0;
};

/// The last epoch of each folder that was told, under the mutex of the store.
using Epochs = std::map<FolderIndex, std::uint64_t>;

class MemorySession final : public Session {
public:
    /// `told`: under which epochs the folders were listed; outlives it.
    MemorySession(MailStore& store, Epochs& told) : store_(store), told_(told) { }

    Capabilities capabilities() const noexcept override;
    std::vector<FolderInfo> folders() override;
    FolderInfo create_folder(const FolderPath& path) override;
    void delete_folder(const FolderPath&) override { }
    void changes(std::span<const ChangeRequest> requests, ChangeSink& sink) override;
    void fetch(std::span<const MessageRef> messages, Part part, FetchSink& sink) override;
    std::unique_ptr<Appender> append(StoreSink& sink) override
    {
        return std::make_unique<MemoryAppender>(store_, sink);
    }
    void update(std::span<const Update> updates, ResultSink& sink) override;
    void remove(std::span<const MessageRef> messages, ResultSink& sink) override;
    void move(std::span<const Move> moves, StoreSink& sink) override;
    void assign(std::span<const Assign> assigns, ResultSink& sink) override;

private:
    FolderInfo info(FolderIndex index) const;
    std::string token(const MailFolder& folder) const
    {
        return store_.abilities.tokens
            ? std::to_string(folder.validity) + ":" + std::to_string(folder.mod_seq)
            : std::string();
    }
    void changes(const ChangeRequest& request, ChangeSink& sink);
    static Message message(const MessageId& id, const Mail& mail);
    template <class Work> void step(std::size_t index, ResultSink& sink, Work work);

    bool is_known(FolderIndex index) const
    {
        const auto told = told_.find(index);
        return told != told_.end() && told->second == store_.folders.at(index).validity;
    }
    /// The folder, while its ids are those that were told, with the list of folders or with what
    /// changed.
    MailFolder& known(FolderIndex index)
    {
        MailFolder& folder = store_.at(index);
        if (!is_known(index)) throw Error(Errc::epoch_changed, "UIDVALIDITY is another one now");
        return folder;
    }

    MailStore& store_;
    Epochs& told_;
};

Capabilities MemorySession::capabilities() const noexcept
{
    Capabilities out {Capability::keywords};
    if (store_.abilities.takes_ids) out.add(Capability::takes_ids);
    if (store_.abilities.returns_ids) out.add(Capability::returns_ids);
    if (store_.abilities.move) out.add(Capability::move);
    return out;
}

FolderInfo MemorySession::info(FolderIndex index) const
{
    const MailFolder& folder = store_.folders.at(index);
    FolderInfo out;
    out.index = index;
    out.path = folder.path;
    out.name = folder.path.front();
    if (out.name == "INBOX") out.uses.add(FolderUse::inbox);
    if (store_.abilities.tells_tokens) out.token = token(folder);
    out.next_id = std::to_string(folder.next_id);
    return out;
}

std::vector<FolderInfo> MemorySession::folders()
{
    const std::lock_guard lock(store_.mutex);
    std::vector<FolderInfo> out;
    for (FolderIndex i = 0; i < store_.folders.size(); ++i) {
        if (store_.folders[i].removed) continue;
        out.push_back(info(i));
        if (!out.back().token.empty()) told_[i] = store_.folders[i].validity;
    }
    return out;
}

FolderInfo MemorySession::create_folder(const FolderPath& path)
{
    store_.on_creation(path.front());
    store_.faults.step([&] { store_.folder(path.front()); });
    const auto all = folders();
    return *std::find_if(
        all.begin(), all.end(), [&](const FolderInfo& folder) { return folder.path == path; });
}

Message MemorySession::message(const MessageId& id, const Mail& mail)
{
    Message out;
    out.id = id;
    out.flags = mail.flags;
    out.keywords.assign(mail.keywords.begin(), mail.keywords.end());
    out.size = mail.text.size();
    out.origin = mail.origin;
    out.received = mail.received;
    return out;
}

void MemorySession::changes(std::span<const ChangeRequest> requests, ChangeSink& sink)
{
    for (const auto& request : requests) {
        try {
            store_.on_listing(store_.folders.at(request.folder).path.front());
            changes(request, sink);
        } catch (const Error& why) {
            sink.failed(request.folder, why);
        } catch (const std::out_of_range&) {
            sink.failed(
                request.folder,
                Error(Errc::not_found, Scope::folder, Retry::later, "there is no such folder"));
        }
    }
}

void MemorySession::changes(const ChangeRequest& request, ChangeSink& sink)
{
    MailFolder folder;
    {
        const std::lock_guard lock(store_.mutex);
        folder = store_.at(request.folder);
        told_[request.folder] = folder.validity;
    }
    FolderState state;
    state.epoch = std::to_string(folder.validity);
    state.next_id = std::to_string(folder.next_id);
    state.storable_flags = Set<Flag>::from_bits(63);
    state.any_keyword = store_.abilities.keywords;
    const auto prefix = state.epoch + ":";
    const bool known = store_.abilities.tokens && request.token.starts_with(prefix);
    const auto since = known ? std::stoull(request.token.substr(prefix.size())) : 0;
    if (known && since < folder.void_before)
        return sink.failed(
            request.folder, Error(Errc::epoch_changed, "UIDNEXT is lower than it was"));
    const Coverage coverage = known ? store_.abilities.coverage : Coverage::snapshot;
    sink.begin(request.folder, state, coverage);
    for (const auto& [id, mail] : folder.mails)
        if (coverage == Coverage::snapshot || mail.mod_seq > since)
            sink.changed(message(id, mail));
        else if (coverage == Coverage::delta_listed)
            sink.present(id);
    if (coverage == Coverage::delta)
        for (const auto& [id, mod_seq] : folder.gone)
            if (mod_seq > since) sink.vanished(id);
    sink.end(request.folder, token(folder));
}

void MemorySession::fetch(std::span<const MessageRef> messages, Part part, FetchSink& sink)
{
    for (std::size_t i = 0; i < messages.size(); ++i) {
        if (const auto why = store_.on_fetch(part)) {
            sink.failed(i, *why);
            continue;
        }
        Mail mail;
        {
            const std::lock_guard lock(store_.mutex);
            const MailFolder& folder = store_.folders.at(messages[i].folder);
            const auto& mails = folder.mails;
            const auto it = mails.find(messages[i].id);
            if (it != mails.end() && is_known(messages[i].folder))
                mail = it->second;
            else
                mail.text = "\1";
            if (part == Part::whole) ++store_.texts_out;
        }
        if (mail.text == "\1") {
            sink.failed(i, Error(Errc::not_found, "message is gone"));
            continue;
        }
        if (part != Part::facts && store_.broken.contains(mail.text)) {
            sink.failed(i, Error(Errc::rejected, "NO this one cannot be read"));
            continue;
        }
        const auto text = part == Part::whole ? mail.text
            : part == Part::header            ? mail.text.substr(0, mail.text.find("\r\n\r\n"))
                                              : std::string();
        sink.begin(i, message(messages[i].id, mail), text.size());
        const auto bytes = std::as_bytes(std::span(text));
        if (part == Part::whole) store_.on_text();
        if (!text.empty() && sink.data(bytes.first(bytes.size() / 2)))
            sink.data(bytes.subspan(bytes.size() / 2));
        sink.end();
    }
}

template <class Work> void MemorySession::step(std::size_t index, ResultSink& sink, Work work)
{
    try {
        store_.faults.step([&] {
            const std::lock_guard lock(store_.mutex);
            work();
        });
    } catch (const std::out_of_range&) {
        return sink.failed(index, Error(Errc::not_found, "message is gone"));
    } catch (const Error& error) {
        if (error.code() != Errc::epoch_changed) throw;
        return sink.failed(index, error);
    }
    sink.done(index);
}

void MemorySession::update(std::span<const Update> updates, ResultSink& sink)
{
    for (std::size_t i = 0; i < updates.size(); ++i)
        step(i, sink, [&] {
            const Update& update = updates[i];
            MailFolder& folder = known(update.message.folder);
            Mail& mail = folder.mails.at(update.message.id);
            mail.flags = (mail.flags | update.add) - update.drop;
            for (const auto& keyword : update.add_keywords)
                mail.keywords.insert(keyword);
            for (const auto& keyword : update.drop_keywords)
                mail.keywords.erase(keyword);
            mail.mod_seq = ++folder.mod_seq;
        });
}

void MemorySession::remove(std::span<const MessageRef> messages, ResultSink& sink)
{
    for (std::size_t i = 0; i < messages.size(); ++i) {
        if (const auto why = store_.refusal(MailStore::Deed::remove, messages[i].folder)) {
            sink.failed(i, *why);
            continue;
        }
        step(i, sink, [&] {
            MailFolder& folder = known(messages[i].folder);
            if (folder.mails.erase(messages[i].id) != 0)
                folder.gone[messages[i].id] = ++folder.mod_seq;
        });
    }
}

void MemorySession::move(std::span<const Move> moves, StoreSink& sink)
{
    for (std::size_t i = 0; i < moves.size(); ++i) {
        if (const auto why = store_.refusal(MailStore::Deed::move, moves[i].to)) {
            sink.failed(i, *why);
            continue;
        }
        MessageId id;
        try {
            store_.faults.step([&] {
                const std::lock_guard lock(store_.mutex);
                MailFolder& source = known(moves[i].message.folder);
                MailFolder& target = store_.at(moves[i].to);
                Mail mail = source.mails.at(moves[i].message.id);
                source.mails.erase(moves[i].message.id);
                source.gone[moves[i].message.id] = ++source.mod_seq;
                mail.mod_seq = ++target.mod_seq;
                mail.origin.reset();
                id = moves[i].new_id.empty() ? store_.fresh_id(target) : moves[i].new_id;
                target.mails[id] = mail;
            });
        } catch (const std::out_of_range&) {
            sink.failed(i, Error(Errc::not_found, "message is gone"));
            continue;
        } catch (const Error& error) {
            if (error.code() != Errc::epoch_changed) throw;
            sink.failed(i, error);
            continue;
        }
        sink.stored(i, id);
    }
}

void MemorySession::assign(std::span<const Assign> assigns, ResultSink& sink)
{
    for (std::size_t i = 0; i < assigns.size(); ++i)
        step(i, sink, [&] {
            MailFolder& folder = known(assigns[i].message.folder);
            Mail mail = folder.mails.at(assigns[i].message.id);
            if (assigns[i].id != assigns[i].message.id && folder.mails.contains(assigns[i].id))
                throw Error(Errc::exists, "another message has that id");
            mail.origin.reset();
            folder.mails.erase(assigns[i].message.id);
            folder.mails[assigns[i].id] = mail;
            ++folder.mod_seq;
        });
}

class MemoryRepository final : public Repository {
public:
    explicit MemoryRepository(MailStore& store) : store_(store) { }
    std::unique_ptr<Session> connect(const Cancel&) override
    {
        return std::make_unique<MemorySession>(store_, told_);
    }
    unsigned max_sessions() const noexcept override { return store_.abilities.sessions; }

private:
    MailStore& store_;
    Epochs told_;
};

}  // namespace

std::unique_ptr<Repository> make_repository(MailStore& store)
{
    return std::make_unique<MemoryRepository>(store);
}

}  // namespace offlineimap::test
