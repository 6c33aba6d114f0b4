// SPDX-License-Identifier: Apache-2.0
#include "memory_mail.hpp"

#include <algorithm>
#include <ostream>

namespace offlineimap::test {

void Faults::meanwhile(std::function<void()> others)
{
    const std::lock_guard lock(world_);
    others_ = std::move(others);
}

Faults::Kind Faults::next()
{
    const std::lock_guard lock(mutex_);
    if (crashed_) throw Crash {};
    const Kind now = ++steps_ == at_ ? kind_ : Kind::none;
    crashed_ = now == Kind::crash_before || now == Kind::crash_after;
    return now;
}

void Faults::step(const std::function<void()>& work)
{
    const std::lock_guard lock(world_);
    const Kind now = next();
    if (others_) others_();
    if (now == Kind::crash_before) throw Crash {};
    work();
    if (now == Kind::crash_after) throw Crash {};
    if (now == Kind::lost_answer)
        throw Error(Errc::network, "connection lost after the command was carried out");
}

void Faults::look(const std::function<void()>& work)
{
    const std::lock_guard lock(world_);
    work();
}

void PrintTo(const Mail& mail, std::ostream* out)
{
    *out << mail.text.substr(12, mail.text.find('@') - 12) << ' ' << mail.flags.bits();
    for (const auto& keyword : mail.keywords)
        *out << ' ' << keyword;
}

MailFolder& MailStore::folder(const std::string& name)
{
    const std::lock_guard lock(mutex);
    for (auto& folder : folders)
        if (folder.path == FolderPath {name}) return revived(folder);
    folders.push_back({{name}, 1, 1, 1, {}, {}, false});
    return folders.back();
}

/// One that was removed is made again, as another one of that name.
MailFolder& MailStore::revived(MailFolder& folder)
{
    if (!std::exchange(folder.removed, false)) return folder;
    folder.mails.clear();
    folder.gone.clear();
    if (!abilities.takes_ids) folder.validity += 100;
    folder.next_id = 1;
    ++folder.mod_seq;
    return folder;
}

MessageId MailStore::fresh_id(MailFolder& folder)
{
    const auto number = std::to_string(folder.next_id++);
    if (!abilities.takes_ids) return {number};
    // As the name of a file no other one has it, wherever it is carried.
    return {
        ".new" + std::to_string(folders.size()) + "-" + number + "+"
        + std::to_string(++ids_given_)};
}

MessageId MailStore::add(const std::string& name, const std::string& text, Set<Flag> flags)
{
    MailFolder& target = folder(name);
    const std::lock_guard lock(mutex);
    const auto id = fresh_id(target);
    target.mails[id] = {text, flags, {}, ++target.mod_seq, {}};
    return id;
}

void MailStore::remove(const std::string& name, const MessageId& id)
{
    MailFolder& target = folder(name);
    const std::lock_guard lock(mutex);
    target.mails.erase(id);
    target.gone[id] = ++target.mod_seq;
}

void MailStore::set_flags(const std::string& name, const MessageId& id, Set<Flag> flags)
{
    MailFolder& target = folder(name);
    const std::lock_guard lock(mutex);
    target.mails.at(id).flags = flags;
    target.mails.at(id).mod_seq = ++target.mod_seq;
}

void MailStore::set_keyword(
    const std::string& name, const MessageId& id, const std::string& keyword)
{
    MailFolder& target = folder(name);
    const std::lock_guard lock(mutex);
    auto& keywords = target.mails.at(id).keywords;
    if (!keywords.erase(keyword)) keywords.insert(keyword);
    target.mails.at(id).mod_seq = ++target.mod_seq;
}

FolderIndex MailStore::index(const MailFolder& folder) const
{
    for (FolderIndex i = 0; i < folders.size(); ++i)
        if (&folders[i] == &folder) return i;
    throw std::logic_error("no such folder");
}

/// A file that comes back to where its name belongs is what it was.
void MailStore::arrive(MailFolder& target, Mail mail)
{
    mail.mod_seq = ++target.mod_seq;
    MessageId id;
    if (mail.origin && mail.origin->folder == index(target)
        && !target.mails.contains(mail.origin->id))
        id = mail.origin->id;
    else
        id = fresh_id(target);
    if (!id.value.starts_with('.')) mail.origin.reset();
    target.mails[id] = std::move(mail);
}

void MailStore::move(const std::string& from, const MessageId& id, const std::string& to, Keep keep)
{
    MailFolder &target = folder(to), &source = folder(from);
    const std::lock_guard lock(mutex);
    Mail mail = source.mails.at(id);
    source.mails.erase(id);
    source.gone[id] = ++source.mod_seq;
    if (abilities.takes_ids && !id.value.starts_with('.'))
        mail.origin = MessageRef {index(source), id};
    if (keep == Keep::nothing) mail.origin.reset();
    arrive(target, std::move(mail));
}

void MailStore::copy(const std::string& from, const MessageId& id, const std::string& to, Keep keep)
{
    MailFolder &target = folder(to), &source = folder(from);
    const std::lock_guard lock(mutex);
    Mail mail = source.mails.at(id);
    if (abilities.takes_ids && !id.value.starts_with('.'))
        mail.origin = MessageRef {index(source), id};
    if (keep == Keep::nothing) mail.origin.reset();
    arrive(target, std::move(mail));
}

void MailStore::rename(const std::string& name, const MessageId& id)
{
    MailFolder& target = folder(name);
    const std::lock_guard lock(mutex);
    Mail mail = target.mails.at(id);
    target.mails.erase(id);
    target.gone[id] = ++target.mod_seq;
    mail.origin.reset();
    arrive(target, std::move(mail));
}

void MailStore::renumber(const std::string& name)
{
    MailFolder& target = folder(name);
    const std::lock_guard lock(mutex);
    auto old = std::exchange(target.mails, {});
    ++target.validity;
    target.gone.clear();
    target.next_id = 1;
    for (int odd = 1; odd >= 0; --odd) {  // in another order
        int i = 0;
        for (auto& [id, mail] : old)
            if (i++ % 2 == odd) {
                mail.mod_seq = ++target.mod_seq;
                target.mails[fresh_id(target)] = std::move(mail);
            }
    }
}

void MailStore::turn_back(const std::string& name)
{
    renumber(name);
    MailFolder& target = folder(name);
    const std::lock_guard lock(mutex);
    --target.validity;
    target.void_before = ++target.mod_seq;
}

void MailStore::remove_folder(const std::string& name)
{
    MailFolder& target = folder(name);
    const std::lock_guard lock(mutex);
    target.removed = true;
}

void MailStore::rename_folder(const std::string& from, const std::string& to)
{
    MailFolder &target = folder(to), &source = folder(from);
    const std::lock_guard lock(mutex);
    if (!abilities.takes_ids) {  // a server keeps the numbers
        target.validity = source.validity;
        target.next_id = source.next_id;
        target.mails = std::move(source.mails);
    } else {  // the names of the files tell of another folder now
        for (auto& [id, mail] : source.mails) {
            mail.origin.reset();
            target.mails[id.value.starts_with('.') ? id : fresh_id(target)] = std::move(mail);
        }
    }
    target.mod_seq = std::max(target.mod_seq, source.mod_seq) + 1;
    for (auto& [id, mail] : target.mails)
        mail.mod_seq = target.mod_seq;
    source.mails.clear();
    source.removed = true;
    for (auto& folder : folders)
        for (auto& [id, mail] : folder.mails)
            if (mail.origin && mail.origin->folder == index(source)) mail.origin.reset();
}

std::vector<std::string> MailStore::names() const
{
    const std::lock_guard lock(mutex);
    std::vector<std::string> out;
    for (const MailFolder& folder : folders)
        if (!folder.removed) out.push_back(folder.path.front());
    return out;
}

MailFolder& MailStore::at(FolderIndex index)
{
    MailFolder& folder = folders.at(index);
    if (folder.removed) throw std::out_of_range("no such folder");
    return folder;
}

MessageId MailStore::find(const std::string& name, const std::string& text)
{
    for (const auto& [id, mail] : folder(name).mails)
        if (mail.text == text) return id;
    throw std::out_of_range("no such message");
}

std::vector<MessageId> MailStore::ids(const std::string& name)
{
    std::vector<MessageId> out;
    const auto& mails = folder(name).mails;
    const std::lock_guard lock(mutex);
    for (const auto& [id, mail] : mails)
        out.push_back(id);
    return out;
}

std::map<std::string, std::multiset<Mail>> MailStore::contents() const
{
    const std::lock_guard lock(mutex);
    std::map<std::string, std::multiset<Mail>> out;
    for (const auto& folder : folders)
        if (!folder.removed)
            for (const auto& [id, mail] : folder.mails)
                out[folder.path.front()].insert(mail);
    return out;
}

}  // namespace offlineimap::test
