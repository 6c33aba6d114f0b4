// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/repository.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Sinks that keep what they are told, and that notice when they are told something out of turn:
// `faults` says what, in words. One thread at a time.

namespace offlineimap::testkit {

struct FolderChanges {
    FolderState state;
    Coverage coverage = Coverage::snapshot;
    std::map<MessageId, Message> changed;
    std::vector<MessageId> vanished, present;
    std::string token;
    bool ended = false;
    std::optional<Error> failure;
};

class ChangeCollector final : public ChangeSink {
public:
    void begin(FolderIndex folder, const FolderState& state, Coverage coverage) override;
    void changed(const Message& message) override;
    void vanished(const MessageId& id) override;
    void present(const MessageId& id) override;
    void end(FolderIndex folder, std::string token) override;
    void failed(FolderIndex folder, const Error& why) override;

    /// Throws if nothing was said of the folder.
    const FolderChanges& of(FolderIndex folder) const;

    std::map<FolderIndex, FolderChanges> folders;
    std::vector<std::string> faults;

private:
    FolderChanges* open();
    std::optional<FolderIndex> open_;
};

struct FetchedText {
    Message message;
    std::uint64_t announced = 0;
    std::string text;
    bool ended = false;
    std::optional<Error> failure;
};

class TextCollector final : public FetchSink {
public:
    /// Of each text no more than `limit` bytes are wanted.
    explicit TextCollector(std::size_t count, std::uint64_t limit = ~std::uint64_t {0});

    void begin(std::size_t index, const Message& message, std::uint64_t size) override;
    bool data(Bytes chunk) override;
    void end() override;
    void failed(std::size_t index, const Error& why) override;

    /// Adds a fault for every index that was not reported.
    void close();

    std::vector<FetchedText> texts;
    std::vector<std::string> faults;

private:
    std::uint64_t limit_;
    std::optional<std::size_t> open_;
    bool refused_ = false;
};

struct Outcome {
    int reports = 0;
    MessageId id;  ///< of a stored message
    std::optional<Error> failure;
    bool good() const noexcept { return reports == 1 && !failure; }
};

class ResultCollector final : public ResultSink {
public:
    explicit ResultCollector(std::size_t count) : outcomes(count) { }
    void done(std::size_t index) override { ++outcomes.at(index).reports; }
    void failed(std::size_t index, const Error& why) override;
    std::vector<Outcome> outcomes;
};

class StoreCollector final : public StoreSink {
public:
    explicit StoreCollector(std::size_t count) : outcomes(count) { }
    void stored(std::size_t index, const MessageId& id) override;
    void failed(std::size_t index, const Error& why) override;
    std::vector<Outcome> outcomes;
};

/// Bytes of a text, valid as long as it.
[[nodiscard]] Bytes bytes_of(std::string_view text) noexcept;

/// Gives a whole message to an appender, in pieces of this size.
void store(
    Appender& appender, std::size_t index, FolderIndex folder, const Message& message,
    std::string_view text, std::size_t piece = 64 * 1024);

}  // namespace offlineimap::testkit
