// A KMS v2 plugin for tests: AES-GCM under a key that it makes when it starts, on the socket that its argument names.
package main

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"fmt"
	"log"
	"os"
	"time"

	"k8s.io/kms/pkg/service"
)

const keyID = "key-1"

type plugin struct{ aead cipher.AEAD }

func (p plugin) Encrypt(_ context.Context, _ string, data []byte) (*service.EncryptResponse, error) {
	nonce := make([]byte, p.aead.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return nil, err
	}
	return &service.EncryptResponse{Ciphertext: p.aead.Seal(nonce, nonce, data, nil), KeyID: keyID}, nil
}

func (p plugin) Decrypt(_ context.Context, _ string, request *service.DecryptRequest) ([]byte, error) {
	size := p.aead.NonceSize()
	if request.KeyID != keyID || len(request.Ciphertext) < size {
		return nil, fmt.Errorf("encrypted by another key than %s", keyID)
	}
	return p.aead.Open(nil, request.Ciphertext[:size], request.Ciphertext[size:], nil)
}

func (p plugin) Status(context.Context) (*service.StatusResponse, error) {
	return &service.StatusResponse{Version: "v2", Healthz: "ok", KeyID: keyID}, nil
}

func newPlugin() (plugin, error) {
	secret := make([]byte, 32)
	if _, err := rand.Read(secret); err != nil {
		return plugin{}, err
	}
	block, err := aes.NewCipher(secret)
	if err != nil {
		return plugin{}, err
	}
	aead, err := cipher.NewGCM(block)
	return plugin{aead}, err
}

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: kms-plugin SOCKET")
	}
	made, err := newPlugin()
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(service.NewGRPCService(os.Args[1], 5*time.Second, made).ListenAndServe())
}
