// SPDX-License-Identifier: Apache-2.0
#include "mail_model.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace offlineimap::test {

std::map<std::string, bool> MailModel::marks(const Mail& mail)
{
    std::map<std::string, bool> out;
    for (int flag = 0; flag < 3; ++flag)
        out["f" + std::to_string(flag)] = mail.flags.has(static_cast<Flag>(flag));
    for (const char* const keyword : {"$label1", "work"})
        out[keyword] = mail.keywords.contains(keyword);
    return out;
}

/// Which of the edits of its marks goes with it, nobody can tell; what nobody has edited stays.
void MailModel::doubt_edits(Truth& truth)
{
    for (auto& [name, mark] : truth.marks)
        if (mark.edited.left || mark.edited.right || mark.on_its_way) mark.value.reset();
}

void MailModel::born(Side on, const std::string& folder, const Mail& mail)
{
    Truth& truth = truths_[mail.text];
    truth.touched[on] = true;
    truth.where = folder;
    truth.places = {folder};
    for (const auto& [mark, value] : marks(mail))
        truth.marks[mark].value = value;
}

void MailModel::copied(Side on, const std::string& text, const std::string& to)
{
    Truth& truth = truths_.at(text);
    truth.places.insert(to);
    ++truth.most;
    truth.several = true;
    if (truth.settled && !truth.touched[other(on)]) ++truth.least;
    truth.touched[on] = true;
    truth.where.reset();
    doubt_edits(truth);
}

void MailModel::moved(Side on, const std::string& text, const std::string& to)
{
    Truth& truth = truths_.at(text);
    truth.places.insert(to);
    const bool both = truth.touched[other(on)];
    const bool same_place = truth.where == to;
    // Carried to two places it is two messages, each of several with the same text; and the same
    // move, made while a run follows it.
    if (both && !(same_place && truth.settled)) {
        if (!truth.settled || truth.parted < truth.count) ++truth.most;
        ++truth.parted;
    }
    const bool twice = !truth.settled && truth.touched[on];
    truth.where = to;
    if ((both && !same_place) || twice || truth.several || truth.renumbered) truth.where.reset();
    if (both) doubt_edits(truth);
    if (both) truth.most = std::max(truth.most, 1);  // it outlives a removal there
    if (both && truth.several) truth.least = std::min(truth.least, 1);
    // Between two writes it is at both places; who carries it on then makes it two.
    if (twice && moves_are_copies_) ++truth.most;
    truth.touched[on] = true;
}

void MailModel::removed(Side on, const std::string& text)
{
    Truth& truth = truths_.at(text);
    truth.least = std::max(0, truth.least - 1);
    if (truth.settled && !truth.touched[other(on)] && !truth.uprooted) {
        truth.most = std::max(0, truth.most - 1);
        ++truth.removed;
    } else {
        truth.where.reset();
    }
    doubt_edits(truth);  // should it come back, it comes as the other side has it
    truth.touched[on] = true;
}

void MailModel::renumbered(const std::string& folder)
{
    for (auto& [text, truth] : truths_) {
        if (!truth.places.contains(folder)) continue;
        truth.renumbered = true;
        const bool was_under_way = !truth.settled;
        if (truth.touched.left || truth.touched.right) truth.where.reset();
        truth.settled = false;
        truth.most += std::exchange(truth.removed, 0);
        // It may be at both places still, and the record that says so is void.
        if (was_under_way && moves_are_copies_ && (truth.touched.left || truth.touched.right))
            ++truth.most;
        for (auto& [name, mark] : truth.marks) {
            mark.on_its_way = true;
            if (mark.edited.left || mark.edited.right) mark.value.reset();
        }
    }
}

void MailModel::folder_went(const std::string& folder)
{
    for (auto& [text, truth] : truths_) {
        if (!truth.places.contains(folder)) continue;
        truth.uprooted = true;
        // What was removed comes back where the other side has it still, wherever it was removed.
        if (truth.removed > 0 && truth.where) truth.where = truth.home;
        truth.most += std::exchange(truth.removed, 0);
        // It may be on its way to a folder that is not there any more.
        if (!truth.settled) truth.where.reset();
    }
}

void MailModel::repaired()
{
    for (auto& [text, truth] : truths_) {
        doubt_edits(truth);
        if (truth.settled && !truth.touched.left && !truth.touched.right) continue;
        ++truth.most;
        truth.where.reset();
    }
}

void MailModel::hidden()
{
    for (auto& [text, truth] : truths_)
        doubt_edits(truth);
}

void MailModel::marked(Side on, const std::string& text, const std::string& name, bool value)
{
    Truth& truth = truths_.at(text);
    Mark& mark = truth.marks[name];
    const bool at_odds = mark.edited[other(on)] && mark.value != value;
    // What an interrupted run stored but did not record has no past to compare with.
    const bool both_carried = truth.touched.left && truth.touched.right;
    const bool may_come_back = mark.on_its_way || ((!truth.settled || both_carried) && !value);
    // A side that cannot move has it twice for a while; this may be the one that goes.
    const bool may_go = !truth.settled && truth.touched[other(on)];
    mark.edited[on] = true;
    mark.value = value;
    if (at_odds || may_come_back || may_go || truth.several) mark.value.reset();
}

std::map<std::string, MailModel::Found>
MailModel::find(const std::map<std::string, std::multiset<Mail>>& contents)
{
    std::map<std::string, Found> out;
    for (const auto& [folder, mails] : contents)
        for (const auto& mail : mails) {
            Found& found = out[mail.text];
            ++found.count;
            found.folders.insert(folder);
            found.mails.push_back(&mail);
        }
    return out;
}

void MailModel::expect_marks(const Truth& truth, const Mail& mail, Which which)
{
    for (const auto& [name, value] : marks(mail)) {
        const auto it = truth.marks.find(name);
        if (it == truth.marks.end()) continue;
        const Mark& mark = it->second;
        const bool is_edited = mark.edited.left || mark.edited.right || mark.on_its_way;
        if (which == Which::unedited && is_edited) continue;
        EXPECT_EQ(mark.value.value_or(value), value) << name << " of " << mail.text;
    }
}

void MailModel::expect(const MailStore& store) const
{
    const auto contents = store.contents();
    auto found = find(contents);
    for (const auto& [text, truth] : truths_) {
        const Found& now = found[text];
        EXPECT_GE(now.count, truth.least) << "lost: " << text;
        EXPECT_LE(now.count, truth.most) << "doubled or back again: " << text;
        for (const auto& folder : now.folders)
            EXPECT_TRUE(truth.places.contains(folder)) << "nobody put it into " << folder << text;
        const bool is_certain = now.count == 1 && truth.most == 1 && !truth.several;
        for (const Mail* const mail : now.mails)
            expect_marks(truth, *mail, is_certain ? Which::all : Which::unedited);
        if (is_certain) {
            EXPECT_EQ(truth.where.value_or(*now.folders.begin()), *now.folders.begin()) << text;
        }
    }
    for (const auto& [text, now] : found)
        EXPECT_TRUE(truths_.contains(text)) << "not byte for byte: " << text;
}

void MailModel::settle(const MailStore& store)
{
    expect(store);
    const auto contents = store.contents();
    auto found = find(contents);
    for (auto it = truths_.begin(); it != truths_.end();) {
        const Found& now = found[it->first];
        Truth& truth = it->second = {};
        truth.least = truth.most = truth.count = now.count;
        truth.several = now.count > 1;
        truth.places = now.folders;
        if (now.count == 1) truth.where = truth.home = *now.folders.begin();
        for (const Mail* const mail : now.mails)
            for (const auto& [name, value] : marks(*mail)) {
                Mark& mark = truth.marks[name];
                if (mail == now.mails.front()) mark.value = value;
                if (mark.value != value) mark.value.reset();  // they differ
            }
        it = now.count == 0 ? truths_.erase(it) : std::next(it);
    }
}

void MailModel::unsettle()
{
    for (auto& [text, truth] : truths_) {
        if (truth.touched.left || truth.touched.right) truth.settled = false;
        for (auto& [name, mark] : truth.marks)
            mark.on_its_way = mark.edited.left || mark.edited.right;
    }
}

}  // namespace offlineimap::test
