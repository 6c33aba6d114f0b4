// SPDX-License-Identifier: Apache-2.0
#include "collect.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace offlineimap::testkit {

FolderChanges* ChangeCollector::open()
{
    if (!open_) faults.emplace_back("a change was reported outside of begin and end");
    return open_ ? &folders[*open_] : nullptr;
}

void ChangeCollector::begin(FolderIndex folder, const FolderState& state, Coverage coverage)
{
    if (open_) faults.emplace_back("begin came inside of another folder's begin and end");
    if (folders.contains(folder)) faults.emplace_back("a folder was reported twice");
    open_ = folder;
    FolderChanges fresh;
    fresh.state = state;
    fresh.coverage = coverage;
    folders[folder] = std::move(fresh);
}

void ChangeCollector::changed(const Message& message)
{
    FolderChanges* const folder = open();
    if (message.id.empty()) faults.emplace_back("a message without an id was reported");
    if (!std::is_sorted(message.keywords.begin(), message.keywords.end()))
        faults.emplace_back("the keywords of a message are not sorted");
    if (folder != nullptr) folder->changed.insert_or_assign(message.id, message);
}

void ChangeCollector::vanished(const MessageId& id)
{
    if (FolderChanges* const folder = open()) folder->vanished.push_back(id);
}

void ChangeCollector::present(const MessageId& id)
{
    if (FolderChanges* const folder = open()) folder->present.push_back(id);
}

void ChangeCollector::end(FolderIndex folder, std::string token)
{
    if (open_ != folder) faults.emplace_back("end came for a folder that was not begun");
    open_.reset();
    folders[folder].token = std::move(token);
    folders[folder].ended = true;
}

void ChangeCollector::failed(FolderIndex folder, const Error& why)
{
    open_.reset();
    folders[folder].failure.emplace(why);
}

const FolderChanges& ChangeCollector::of(FolderIndex folder) const
{
    const auto found = folders.find(folder);
    if (found == folders.end()) throw std::out_of_range("nothing was reported of a folder");
    return found->second;
}

TextCollector::TextCollector(std::size_t count, std::uint64_t limit) : texts(count), limit_(limit)
{
}

void TextCollector::begin(std::size_t index, const Message& message, std::uint64_t size)
{
    if (open_) faults.emplace_back("begin came inside of another message's begin and end");
    FetchedText& text = texts.at(index);
    if (text.ended || text.failure) faults.emplace_back("an index was reported twice");
    text.message = message;
    text.announced = size;
    open_ = index;
    refused_ = false;
}

bool TextCollector::data(Bytes chunk)
{
    if (!open_) {
        faults.emplace_back("data came outside of begin and end");
        return false;
    }
    if (refused_) faults.emplace_back("data came after it was refused");
    FetchedText& text = texts[*open_];
    text.text.append(reinterpret_cast<const char*>(chunk.data()), chunk.size());
    if (text.text.size() > text.announced) faults.emplace_back("more bytes came than announced");
    refused_ = text.text.size() >= limit_;
    return !refused_;
}

void TextCollector::end()
{
    if (!open_) {
        faults.emplace_back("end came without begin");
        return;
    }
    FetchedText& text = texts[*open_];
    text.ended = true;
    if (!refused_ && text.text.size() != text.announced)
        faults.emplace_back(
            std::to_string(text.announced) + " bytes were announced, "
            + std::to_string(text.text.size()) + " came");
    open_.reset();
}

void TextCollector::failed(std::size_t index, const Error& why)
{
    if (open_) faults.emplace_back("failed came between begin and end");
    FetchedText& text = texts.at(index);
    if (text.ended || text.failure) faults.emplace_back("an index was reported twice");
    text.failure.emplace(why);
}

void TextCollector::close()
{
    for (const FetchedText& text : texts)
        if (!text.ended && !text.failure) faults.emplace_back("an index was not reported");
}

void ResultCollector::failed(std::size_t index, const Error& why)
{
    ++outcomes.at(index).reports;
    outcomes[index].failure.emplace(why);
}

void StoreCollector::stored(std::size_t index, const MessageId& id)
{
    ++outcomes.at(index).reports;
    outcomes[index].id = id;
}

void StoreCollector::failed(std::size_t index, const Error& why)
{
    ++outcomes.at(index).reports;
    outcomes[index].failure.emplace(why);
}

Bytes bytes_of(std::string_view text) noexcept
{
    return std::as_bytes(std::span(text));
}

void store(
    Appender& appender, std::size_t index, FolderIndex folder, const Message& message,
    std::string_view text, std::size_t piece)
{
    appender.begin(index, folder, message, text.size());
    for (std::size_t at = 0; at < text.size(); at += piece)
        appender.write(bytes_of(text.substr(at, piece)));
    appender.end();
}

}  // namespace offlineimap::testkit
